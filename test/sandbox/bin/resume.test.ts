import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { isAlive } from '../../../lib/sandbox/cluster/process.ts'
import { listen } from '../../support/listen.ts'
import { suite } from '../../support/suite.ts'
import { clusterConfig, newSandbox, type Sandbox } from './sandbox.ts'

const test = suite('resume')

let sandbox: Sandbox
test.before.each(async () => {
  sandbox = await newSandbox()
  await sandbox.run('kind', ['create', 'cluster', '--config=-'], clusterConfig(sandbox.port))
})
test.after.each(() => sandbox.close())

const pid = () => Number(readFileSync(sandbox.pid(), 'utf8'))
const resume = () => sandbox.run('resume', ['kind'])

/** Ends the process as a crash does, and waits until it is gone. */
async function crash(): Promise<void> {
  const id = pid()
  process.kill(id, 'SIGKILL')
  while (isAlive(id)) await new Promise((resolve) => setImmediate(resolve))
}

const restarted = 'The sandbox "kind" was not running; it has been started again, with its state.\n'

test('while all is well nothing happens and nothing is said', async () => {
  const before = pid()
  assert.equal(await resume(), { code: 0, stdout: '', stderr: '' })
  assert.is(pid(), before)
  assert.equal(await sandbox.run('resume', ['unknown']), { code: 0, stdout: '', stderr: '' })
})

test('after a crash the sandbox comes back with all that it had answered', async () => {
  for (const value of ['one', 'two'])
    await sandbox.run('kubectl', ['label', 'namespace', 'default', `lesson=${value}`, '--overwrite'])
  const { stdout: before } = await sandbox.run('kubectl', ['get', 'namespace', 'default', '-o', 'json'])
  await crash()
  const refused = await sandbox.run('kubectl', ['get', 'namespace', 'default'])
  assert.match(refused.stderr, /^error: The connection to the server 127\.0\.0\.1:\d+ was refused/)
  assert.equal(await resume(), { code: 0, stdout: '', stderr: restarted })
  const { stdout: after } = await sandbox.run('kubectl', ['get', 'namespace', 'default', '-o', 'json'])
  assert.is(after, before)
  assert.is(JSON.parse(after).metadata.labels.lesson, 'two')
})

test('of two that start it at once, one does', async () => {
  await crash()
  const both = await Promise.all([resume(), resume()])
  assert.equal(
    both.map(({ code }) => code),
    [0, 0],
  )
  const { code } = await sandbox.run('kubectl', ['get', 'nodes'])
  assert.is(code, 0)
  assert.equal(
    readdirSync(join(sandbox.home, 'kind')).filter((file) => file.startsWith('pid')),
    ['pid'],
  )
})

test('damaged state is set aside, with a word that names the file, and what came before is there', async () => {
  await sandbox.run('kubectl', ['label', 'namespace', 'default', 'lesson=one'])
  await crash()
  appendFileSync(join(sandbox.home, 'kind', 'journal'), 'this is no line\nnor this\n')
  const { stderr, code } = await resume()
  assert.is(code, 0)
  const aside = /stored state was damaged and has been set aside as (\S+);/.exec(stderr)?.[1]
  assert.ok(aside && existsSync(aside))
  const { stdout } = await sandbox.run('kubectl', [
    'get',
    'namespace',
    'default',
    '-o',
    'jsonpath={.metadata.labels.lesson}',
  ])
  assert.is(stdout, 'one')
})

test('state that is gone is missed, with a word, and a fresh cluster is there', async () => {
  await crash()
  const journal = join(sandbox.home, 'kind', 'journal')
  truncateSync(journal)
  const { stderr, code } = await resume()
  assert.is(code, 0)
  assert.match(stderr, `the sandbox's stored state is gone (${journal} was missing or empty)`)
  assert.is((await sandbox.run('kubectl', ['get', 'nodes'])).code, 0)
})

test('a port of the page that somebody took meanwhile is named', async () => {
  await crash()
  const { close } = await listen(createServer(), sandbox.port)
  const { code, stderr } = await resume()
  await close()
  assert.is(code, 1)
  assert.match(
    stderr,
    new RegExp(`^The sandbox "kind" cannot be started again: its port ${sandbox.port} on 127\\.0\\.0\\.1 is taken\\.`),
  )
  assert.equal(await resume(), { code: 0, stdout: '', stderr: restarted })
})

test('asked to end, the process ends and gives its place back', async () => {
  process.kill(pid(), 'SIGTERM')
  while (existsSync(sandbox.pid())) await new Promise((resolve) => setImmediate(resolve))
  assert.is((await resume()).stderr, restarted)
})

test('a process whose folder was removed ends by itself', async () => {
  const id = pid()
  rmSync(join(sandbox.home, 'kind'), { recursive: true })
  while (isAlive(id)) await new Promise((resolve) => setTimeout(resolve, 10))
})

test.run()
