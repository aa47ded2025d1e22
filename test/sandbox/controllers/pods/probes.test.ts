import * as assert from 'uvu/assert'
import type { Pod } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import { type Probe, verdictOn } from '../../../../lib/sandbox/controllers/pods/probes.ts'
import { suite } from '../../../support/suite.ts'
import { pod } from '../cluster.ts'

const test = suite('probes')

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const image = 'docker.io/istio/examples-bookinfo-details-v1:1.18.0'
const refused = 'dial tcp 10.244.0.5:9999: connect: connection refused'
const probes: readonly [title: string, container: Part, failure: string][] = [
  ['no probe', {}, ''],
  ['its port', { readinessProbe: { tcpSocket: { port: 9080 } } }, ''],
  ['its page of health', { readinessProbe: { httpGet: { port: 9080, path: '/health' } } }, ''],
  [
    'a port by its name',
    { ports: [{ name: 'web', containerPort: 9080 }], readinessProbe: { httpGet: { port: 'web', path: '/health' } } },
    '',
  ],
  [
    'a path that it does not have',
    { readinessProbe: { httpGet: { port: 9080, path: '/nowhere' } } },
    'HTTP probe failed with statuscode: 404',
  ],
  [
    'another port',
    { readinessProbe: { httpGet: { port: 9999, path: '/' } } },
    `Get "http://10.244.0.5:9999/": ${refused}`,
  ],
  ['another port, without a request', { readinessProbe: { tcpSocket: { port: 9999 } } }, refused],
  ['a command that is not known', { readinessProbe: { exec: { command: ['check'] } } }, ''],
  ['an image that is not played', { image: 'nginx', readinessProbe: { tcpSocket: { port: 9999 } } }, ''],
  ['a command of its own', { command: ['serve'], readinessProbe: { tcpSocket: { port: 9999 } } }, ''],
]

function podWith(containers: Part[]): Pod {
  return { ...pod('web', { containers }), status: { phase: 'Running', podIP: '10.244.0.5' } }
}

/** The verdict, when it has come. */
async function verdict(found: Pod, probe: Probe = 'readiness'): Promise<string> {
  for (;;) {
    const text = verdictOn(found, found.spec.containers[0], probe)
    if (text !== undefined) return text
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

for (const [title, container, failure] of probes)
  test(`a probe of ${title} ${failure ? 'fails' : 'passes'}`, async () => {
    const found = await verdict(podWith([{ name: 'web', image, ...container }]))
    assert.is(found, failure ? `Readiness probe failed: ${failure}` : '')
  })

for (const [probe, words] of Object.entries({ readiness: 'Readiness', liveness: 'Liveness', startup: 'Startup' }))
  test(`a ${probe} probe by a command that fails says what that says`, async () => {
    const asked = (script: string) => ({ [`${probe}Probe`]: { exec: { command: ['sh', '-c', script] } } })
    const found = (script: string) => verdict(podWith([{ name: 'web', image, ...asked(script) }]), probe as Probe)
    assert.is(await found('exit 3'), `${words} probe failed: `)
    assert.is(await found('echo sick; exit 1'), `${words} probe failed: sick\n`)
    assert.is(await found('echo well'), '')
    assert.is(await verdict(podWith([{ name: 'web', image }]), probe as Probe), '')
  })

test('a container that is not known may listen for the others of its pod', async () => {
  const readinessProbe = { tcpSocket: { port: 9999 } }
  const found = podWith([
    { name: 'web', image, readinessProbe },
    { name: 'beside', image: 'nginx' },
  ])
  assert.is(await verdict(found), '')
})

test('a proxy answers for itself', async () => {
  const readinessProbe = { httpGet: { path: '/healthz/ready', port: 15021 } }
  const found = podWith([
    { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.21.2', readinessProbe },
    { name: 'web', image },
  ])
  assert.is(await verdict(found), '')
})

const throughSidecar: readonly [target: Part, failure: string][] = [
  [{ httpGet: { path: '/health', port: 9080 } }, ''],
  [{ httpGet: { path: '/nowhere', port: 9080 } }, 'HTTP probe failed with statuscode: 404'],
  [{ tcpSocket: { port: 9999 } }, 'HTTP probe failed with statuscode: 500'],
]
for (const [target, failure] of throughSidecar)
  test(`behind a sidecar a probe of ${JSON.stringify(target)} ${failure ? 'fails' : 'passes'}`, async () => {
    const path = '/app-health/web/readyz'
    const env = [{ name: 'ISTIO_KUBE_APP_PROBERS', value: JSON.stringify({ [path]: target }) }]
    const found = podWith([
      { name: 'web', image, readinessProbe: { httpGet: { path, port: 15020 } } },
      { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.21.2', env },
    ])
    assert.is(await verdict(found), failure ? `Readiness probe failed: ${failure}` : '')
  })

test.run()
