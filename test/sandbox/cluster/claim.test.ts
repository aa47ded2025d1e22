import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { claim, release } from '../../../lib/sandbox/cluster/claim.ts'
import { processOf } from '../../../lib/sandbox/cluster/process.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { suite } from '../../support/suite.ts'

const test = suite('claim of a folder')

test('the first has it, and leaves nothing behind when it gives it back', () => {
  const folder = temporaryFolder()
  assert.ok(claim(folder))
  assert.equal(readdirSync(folder), ['pid'])
  assert.is(readFileSync(join(folder, 'pid'), 'utf8'), String(process.pid))
  release(folder)
  assert.equal(readdirSync(folder), [])
})

const stale: [title: string, text: string][] = [
  ['a process that is gone', '4194999'],
  ['another program that was given the same id', String(process.ppid)],
  ['nobody, for it is empty', ''],
  ['nobody, for it is no number', 'nonsense'],
]
for (const [title, text] of stale)
  test(`it is taken over from ${title}`, () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'pid'), text)
    assert.ok(claim(folder))
    assert.equal(readdirSync(folder), ['pid'])
  })

test('it is not taken from a process of this folder, and no other folder is its folder', async () => {
  const folder = temporaryFolder()
  const program = join(folder, 'main.js')
  writeFileSync(program, 'process.stdin.resume()')
  const child = spawn(process.execPath, [program, `${folder}2`], { stdio: ['pipe', 'ignore', 'ignore'] })
  const own = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'ignore', 'ignore'] })
  try {
    await Promise.all([once(child, 'spawn'), once(own, 'spawn')])
    writeFileSync(join(folder, 'pid'), String(own.pid))
    assert.is(processOf(folder), own.pid)
    assert.not(claim(folder))
    writeFileSync(join(folder, 'pid'), String(child.pid))
    assert.is(processOf(folder), undefined)
    assert.ok(claim(folder))
  } finally {
    for (const started of [child, own]) started.kill()
  }
})

test('what another has meanwhile is not given back', () => {
  const folder = temporaryFolder()
  assert.ok(claim(folder))
  writeFileSync(join(folder, 'pid'), '1')
  release(folder)
  assert.ok(existsSync(join(folder, 'pid')))
})

test('a folder that is gone needs no giving back', () => {
  release(join(temporaryFolder(), 'gone'))
})

test.run()
