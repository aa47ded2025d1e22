import * as assert from 'uvu/assert'
import { cgroup, disk, docker, memory } from '../../lib/doctor/engine.ts'
import { examinationOf } from '../support/machine.ts'
import { suite } from '../support/suite.ts'

const test = suite('engine')

const refusals = [
  ['missing', /install Docker/],
  ['not running', /systemctl start docker/],
  ['no permission', /usermod -aG docker/],
] as const
for (const [reason, mend] of refusals)
  test(`Docker ${reason} is mended by its own command`, async () => {
    const finding = await docker(examinationOf({ engine: { ok: false, reason, detail: 'what docker said' } }))
    assert.is(finding.verdict, 'fail')
    assert.is(finding.what, `Docker cannot be used: ${reason}`)
    assert.is(finding.seen, 'what docker said')
    assert.match(finding.mend ?? '', mend)
  })

for (const [version, verdict] of [
  ['19.03.15', 'fail'],
  ['20.10.24+dfsg1', 'ok'],
  ['29.0.0', 'ok'],
] as const)
  test(`Docker ${version}: ${verdict}`, async () => {
    const finding = await docker(examinationOf({ engine: { ok: true, version } }))
    assert.is(finding.verdict, verdict)
    assert.match(finding.what, version)
  })

const groups: [cgroup: string, image: string | undefined, verdict: string | undefined][] = [
  ['2', 'kindest/node:v1.36.1', 'ok'],
  ['1', undefined, 'ok'],
  ['1', 'kindest/node:v1.34.0', 'ok'],
  ['1', 'kindest/node:v1.35.0', 'fail'],
  ['1', 'kindest/node:v1.36.1@sha256:abc', 'fail'],
  ['', 'kindest/node:v1.36.1', undefined],
]
for (const [cgroupVersion, nodeImage, verdict] of groups)
  test(`cgroup "${cgroupVersion}" with ${nodeImage ?? "the lesson's image"}: ${verdict ?? 'cannot be told'}`, async () => {
    assert.is((await cgroup(examinationOf({ cgroupVersion }, { nodeImage })))?.verdict, verdict)
  })

const GB = 1e9
const memories: [memory: number, free: number | undefined, verdict: string][] = [
  [8 * GB, 4 * GB, 'ok'],
  [4.1 * GB, 3 * GB, 'ok'],
  [8 * GB, undefined, 'ok'],
  [8 * GB, 1 * GB, 'warn'],
  [1.9 * GB, 1.8 * GB, 'fail'],
]
for (const [total, freeMemory, verdict] of memories)
  test(`${total / GB} GB of memory, ${(freeMemory ?? Number.NaN) / GB} free: ${verdict}`, async () => {
    const finding = await memory(examinationOf({ memory: total, freeMemory }))
    assert.is(finding?.verdict, verdict)
    assert.is(finding?.mend === undefined, verdict === 'ok')
  })

const disks: [free: number | undefined, verdict: string | undefined][] = [
  [40 * GB, 'ok'],
  [6 * GB, 'warn'],
  [3 * GB, 'fail'],
  [undefined, undefined],
]
for (const [freeDisk, verdict] of disks)
  test(`${(freeDisk ?? Number.NaN) / GB} GB of disk: ${verdict ?? 'cannot be told'}`, async () => {
    const finding = await disk(examinationOf({ freeDisk }))
    assert.is(finding?.verdict, verdict)
    if (finding) assert.match(finding.what, '/var/lib/docker')
  })

test('without an engine nothing is said of what it has', async () => {
  const engine = { ok: false, reason: 'missing', detail: '' } as const
  for (const check of [cgroup, memory, disk]) assert.is(await check(examinationOf({ engine })), undefined)
})

test.run()
