import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { startUpLines } from '../../../lib/sandbox/mesh/start-up.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { ingressGateway, pod } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what proxies write when they start')

const startedAt = '2026-11-26T08:00:00Z'

function started(one: KubeObject): KubeObject {
  const containerStatuses = one.status.containerStatuses.map((status: object) => ({
    ...status,
    state: { running: { startedAt } },
  }))
  const initContainerStatuses = [{ name: 'istio-init', state: { terminated: { startedAt } } }]
  return { ...one, status: { ...one.status, containerStatuses, initContainerStatuses } }
}

const texts = (one: KubeObject, container: string) => startUpLines(one, container).map(({ text }) => text)

test('a sidecar tells who it is, and that it is ready in the end', () => {
  const lines = texts(started(pod({ name: 'a' })), 'istio-proxy')
  match(lines[0] ?? '', /^2026-11-26T08:00:00\.\d{6}Z\tinfo\tFLAG: --concurrency="0"$/)
  ok(lines.some((line) => /Proxy role\tips=\[[\d.]+\] type=sidecar id=a\.default domain=default\.svc/.test(line)))
  match(lines.at(-1) ?? '', /\tinfo\tEnvoy proxy is ready$/)
})

test('a gateway is a router', () => {
  ok(
    texts(started(ingressGateway()), 'istio-proxy').some((line) =>
      line.includes(' type=router id=istio-ingressgateway-'),
    ),
  )
})

test('the init container tells how traffic is led to the proxy', () => {
  const lines = texts(started(pod({ name: 'a' })), 'istio-init')
  ok(lines.includes('-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001'))
})

test('times never go back', () => {
  const times = startUpLines(started(pod({ name: 'a' })), 'istio-proxy').map(({ time }) => time)
  deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
})

test('others say nothing of this, and nobody before the start', () => {
  equal(texts(started(pod({ name: 'a' })), 'main').length, 0)
  equal(texts(pod({ name: 'a' }), 'istio-proxy').length, 0)
})

test.run()
