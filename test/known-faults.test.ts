import * as assert from 'uvu/assert'
import { Failure } from '../lib/failure.ts'
import { recognised } from '../lib/known-faults.ts'
import { en } from '../lib/words/en.ts'
import { suite } from './support/suite.ts'

const test = suite('known faults')

const { diskFull, rateLimit, clock, openFiles, memory, slow } = en.faults

/** What is said, by whom, and what it means. */
const said: readonly [by: string, text: string, fault: { why: string; mend: string }][] = [
  ['Docker', 'failed to register layer: write /usr/lib/x: no space left on device', diskFull],
  [
    'the scheduler',
    '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }',
    diskFull,
  ],
  ['the kubelet', 'Evicted: The node had condition: [DiskPressure].', diskFull],
  [
    'the kubelet of a registry',
    'ErrImagePull: unexpected status code 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
    rateLimit,
  ],
  ['kubectl', 'tls: failed to verify certificate: x509: certificate has expired or is not yet valid', clock],
  ['Node', 'certificate is not yet valid', clock],
  ["kind's node", 'Failed to create control group inotify object: Too many open files', openFiles],
  ['the scheduler of memory', '0/1 nodes are available: 1 Insufficient memory.', memory],
  ['a pod whose image is pulled', 'pod reviews-v1-5b5d6494f4-x7k2p: container reviews: ContainerCreating', slow],
  ['a pod that waits for its first container', 'pod reviews-v1-5b5d6494f4-x7k2p: Pending', slow],
  ['a container that was killed', 'container reviews: ended with code 137', memory],
]
for (const [by, text, { why, mend }] of said)
  for (const details of [{ seen: text }, { why: [text] }])
    test(`what ${by} says is understood (${Object.keys(details)})`, () => {
      const failure = recognised(new Failure('it failed', { ...details, mend: './scripts/all.ts' }), en) as Failure
      assert.is(failure.why.at(-1), why)
      assert.is(failure.mend, `${mend}\n./scripts/all.ts`)
      assert.is(failure.exitCode, 1)
    })

for (const trouble of ['ContainerCreating: MountVolume.SetUp failed', 'Pending: 0/1 nodes are available'])
  test(`a pod that says why it is not ready (${trouble}) needs more than time`, () => {
    const failure = new Failure('waited 300 s', { why: [`pod reviews-v1-5b5d6494f4-x7k2p: ${trouble}`] })
    assert.is(recognised(failure, en), failure)
  })

test('a failure of another kind stays as it is', () => {
  const failure = new Failure('expected only v1, no stars', { seen: 'v1 x46, v3 x4' })
  assert.is(recognised(failure, en), failure)
})

test('a file that this machine does not let be written is no bug, but a machine that is not ready', () => {
  const error = Object.assign(new Error("ENOSPC: no space left on device, open '/x/kind.json'"), {
    code: 'ENOSPC',
    syscall: 'open',
    path: '/x/kind.json',
  })
  const failure = recognised(error, en) as Failure
  assert.is(failure.message, 'this machine does not let /x/kind.json be used')
  assert.is(failure.exitCode, 3)
  assert.equal(failure.why, [diskFull.why])
})

for (const error of [new TypeError('x is not a function'), Object.assign(new Error('x'), { code: 'ERR_X' })])
  test(`a bug stays a bug (${error.name})`, () => {
    assert.is(recognised(error, en), error)
  })

test.run()
