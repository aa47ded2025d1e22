import * as assert from 'uvu/assert'
import { awaitApi, startNode } from '../../lib/targets/node-start.ts'
import { type Bookinfo, startBookinfo } from '../support/bookinfo.ts'
import { failureOf } from '../support/failures.ts'
import { type Answer, answeredPrograms, type Programs } from '../support/programs.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: node-start')

const up: Answer = { stdout: 'ok' }
const down: Answer = { code: 1, stderr: 'The connection to the server was refused' }
const path = process.env.PATH

let programs: Programs
let page: Bookinfo | undefined
test.after.each(async () => {
  await programs.close()
  await page?.close()
  page = undefined
})

/** A node whose API gives these answers, the last one for ever. */
async function node(docker: Answer, ...api: [Answer, ...Answer[]]) {
  let asked = 0
  programs = await answeredPrograms(['docker', 'kubectl'], (line) =>
    line.startsWith('docker') ? docker : (api[Math.min(asked++, api.length - 1)] ?? up),
  )
  const env = { ...process.env, PATH: `${programs.folder}:${path}` }
  return { container: 'kind-control-plane', env, signal: new AbortController().signal }
}

test('a stopped node is started, and waited for until its API answers', async () => {
  const started: string[] = []
  const onStarted = async () => void started.push(...programs.lines())
  await startNode({ ...(await node({}, down, down, up)), pageUrl: undefined, onStarted })
  assert.equal(started, ['docker start kind-control-plane'], 'it is told before the API is asked')
  assert.equal(programs.lines().slice(1), Array(3).fill('kubectl get --raw=/readyz'))
})

test('a page that was open before is waited for, too', async () => {
  page = await startBookinfo(({ number }) => (number < 3 ? { status: 503 } : 'v1'))
  await startNode({ ...(await node({}, up)), pageUrl: page.url, onStarted: async () => undefined })
  assert.is(page.requests.length, 3)
})

test('a container that cannot be started is a failure with what Docker says', async () => {
  const stopped = await node({ code: 1, stderr: 'Error: No such container' }, up)
  const failure = await failureOf(() => startNode({ ...stopped, pageUrl: undefined, onStarted: async () => undefined }))
  assert.is(failure.seen, 'Error: No such container')
  assert.equal(programs.lines(), ['docker start kind-control-plane'])
})

test('an interruption ends the wait with its own reason', async () => {
  const stop = new AbortController()
  const waiting = await node({}, down)
  const ended = awaitApi({ ...waiting, signal: stop.signal })
  stop.abort(new Error('interrupted'))
  assert.is(await ended.catch((error: Error) => error.message), 'interrupted')
})

test.run()
