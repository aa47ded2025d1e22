import * as assert from 'uvu/assert'
import { rewriteProbes } from '../../../lib/sandbox/admission/probes.ts'
import { suite } from '../../support/suite.ts'

const test = suite('probes in the mesh')

const ports = [{ name: 'http', containerPort: 8000 }]
const timing = { timeoutSeconds: 2, periodSeconds: 5 }

const cases: [field: string, probe: object, path: string, old: object][] = [
  [
    'livenessProbe',
    { httpGet: { path: '/live', port: 80, scheme: 'HTTP' } },
    'livez',
    { httpGet: { path: '/live', port: 80, scheme: 'HTTP' } },
  ],
  [
    'readinessProbe',
    { httpGet: { path: '/', port: 'http', scheme: 'HTTPS' } },
    'readyz',
    { httpGet: { path: '/', port: 8000, scheme: 'HTTPS' } },
  ],
  ['startupProbe', { tcpSocket: { port: 'http' } }, 'startupz', { tcpSocket: { port: 8000 } }],
]
for (const [field, probe, path, old] of cases)
  test(`a ${field} by ${Object.keys(probe)[0]} goes to the sidecar, which remembers it`, () => {
    const { containers, probers } = rewriteProbes([{ name: 'web', ports, [field]: { ...probe, ...timing } }])
    const appPath = `/app-health/web/${path}`
    assert.equal(containers[0][field], { httpGet: { path: appPath, port: 15020, scheme: 'HTTP' }, ...timing })
    assert.equal(JSON.parse(probers ?? ''), { [appPath]: { ...old, timeoutSeconds: 2 } })
  })

test('a probe by command stays, and there is nothing to remember', () => {
  const container = { name: 'web', livenessProbe: { exec: { command: ['true'] } } }
  assert.equal(rewriteProbes([container]), { containers: [container], probers: undefined })
})

test('the probes of several containers are remembered in order', () => {
  const probe = { tcpSocket: { port: 1 } }
  const { probers } = rewriteProbes([
    { name: 'b', livenessProbe: probe },
    { name: 'a', readinessProbe: probe, livenessProbe: probe },
  ])
  assert.equal(Object.keys(JSON.parse(probers ?? '')), [
    '/app-health/a/livez',
    '/app-health/a/readyz',
    '/app-health/b/livez',
  ])
})

test.run()
