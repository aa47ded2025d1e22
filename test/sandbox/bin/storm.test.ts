/** Killed in the middle of many writes, the sandbox comes back with all that it had answered, whole. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { isAlive } from '../../../lib/sandbox/cluster/process.ts'
import { seeded } from '../../support/random.ts'
import { suite } from '../../support/suite.ts'
import { clusterConfig, newSandbox, type Sandbox } from './sandbox.ts'

const test = suite('a storm of writes')

let sandbox: Sandbox
test.before(async () => {
  sandbox = await newSandbox()
  await sandbox.run('kind', ['create', 'cluster', '--config=-'], clusterConfig(sandbox.port))
})
test.after(() => sandbox.close())

const KILLS = 3
const WRITERS = 6
/** The same writes, and kills after the same number of answers, in every run. */
const SEED = 20261125

const maps = '/api/v1/namespaces/default/configmaps'

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: any answer of the API
  body: any
}

function asks(agent: Agent): (method: string, path: string, body?: unknown) => Promise<Answer> {
  const { apiPort: port, certificates } = JSON.parse(readFileSync(join(sandbox.home, 'kind', 'cluster.json'), 'utf8'))
  const { administrator: cert, administratorKey: key } = certificates
  const headers = { 'content-type': 'application/json' }
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent, cert, key }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk)).on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
        )
      })
      outgoing.on('error', reject).end(body && JSON.stringify(body))
    })
}

/** What a map's text has to be, so that one that is half of another shows. */
const textOf = (count: number) => `${count}:${String(count % 10).repeat(count % 5000)}`

test(`after ${KILLS} kills nothing that was answered is lost, and nothing is half there`, async () => {
  const random = seeded(SEED)
  /** The last answered count of each map; undefined where its removal was answered. */
  const answered = new Map<string, number | undefined>()
  let serial = 0
  for (let kills = 0; kills < KILLS; kills++) {
    const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
    const ask = asks(agent)
    const pid = Number(readFileSync(sandbox.pid(), 'utf8'))
    let left = 100 + Math.floor(random() * 300)
    /** Writes that were asked, whose answer may never have come. */
    const open = new Map<string, number | undefined>()

    const write = async (writer: number) => {
      for (;;) {
        const count = ++serial
        const name = `map-${writer}-${count % 7}`
        const current = answered.get(name)
        const isRemoval = current !== undefined && random() < 0.2
        open.set(name, isRemoval ? undefined : count)
        const path = current === undefined ? maps : `${maps}/${name}`
        const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text: textOf(count) } }
        const { status } = isRemoval
          ? await ask('DELETE', path)
          : await ask(current === undefined ? 'POST' : 'PUT', path, body)
        assert.ok(status < 300, `${status} for ${name}`)
        open.delete(name)
        answered.set(name, isRemoval ? undefined : count)
        if (--left === 0) process.kill(pid, 'SIGKILL')
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
    for (const end of ends)
      if (end.status === 'rejected') assert.not.instance(end.reason, assert.Assertion, String(end.reason))
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
    agent.destroy()

    const { code, stderr } = await sandbox.run('resume', ['kind'])
    assert.is(code, 0, stderr)
    const { body } = await asks(new Agent({ rejectUnauthorized: false }))('GET', maps)
    const found = new Map<string, string>(
      body.items.map(({ metadata, data }: { metadata: { name: string }; data?: { text: string } }) => [
        metadata.name,
        data?.text,
      ]),
    )
    for (const [name, count] of answered) {
      const texts = [count, ...(open.has(name) ? [open.get(name)] : [])].map((n) => n && textOf(n))
      assert.ok(texts.includes(found.get(name)), `${name}: ${found.get(name)?.slice(0, 20)} after ${count}`)
    }
    for (const [name, text] of found) if (name.startsWith('map-')) answered.set(name, Number(/^\d+/.exec(text)?.[0]))
    for (const name of answered.keys()) if (!found.has(name)) answered.set(name, undefined)
  }
})

test.run()
