import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { startUpLines } from '../../../lib/sandbox/mesh/start-up.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { ingressGateway, pod } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what containers write when they start')

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
  ok(lines.includes('-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN'))
  match(lines.at(-2) ?? '', /^# Completed on \w{3} \w{3} [ \d]\d [\d:]{8} \d{4}$/)
})

test('times never go back', () => {
  const times = startUpLines(started(pod({ name: 'a' })), 'istio-proxy').map(({ time }) => time)
  deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
})

const greetings: readonly [image: string, container: string, greeting: RegExp][] = [
  ['docker.io/istio/examples-bookinfo-ratings-v1:1.18.0', 'ratings', /^Server listening on: /],
  ['docker.io/istio/examples-bookinfo-details-v1:1.18.0', 'details', /^\[2026-11-26 08:00:00\] INFO {2}WEBrick::/],
  ['docker.io/istio/examples-bookinfo-reviews-v2:1.18.0', 'reviews', /server is ready/],
  ['docker.io/istio/examples-bookinfo-productpage-v1:1.20.1', 'productpage', /start at port 9080/],
  ['registry.k8s.io/coredns/coredns:v1.11.1', 'coredns', /^\.:53\n.*\nCoreDNS-1\.11\.1\n/],
]
for (const [image, container, greeting] of greetings)
  test(`${container} says that it is ready, unless it is told to run another program`, () => {
    const containers = [{ name: container, image }]
    const one = {
      ...pod({ name: 'a' }),
      spec: { containers },
      status: { containerStatuses: [{ name: container, state: { running: { startedAt } } }] },
    }
    match(texts(one, container).join('\n'), greeting)
    equal(
      texts({ ...one, spec: { containers: [{ name: container, image, command: ['sleep'] }] } }, container).length,
      0,
    )
  })

test('others say nothing of this, and nobody before the start', () => {
  equal(texts(started(pod({ name: 'a' })), 'main').length, 0)
  equal(texts(pod({ name: 'a' }), 'istio-proxy').length, 0)
})

const before = '2026-11-26T07:59:00Z'
/** A container's state, what is read of it, and of the run before. */
const runs: readonly [title: string, status: object, now: string[], previous: string[]][] = [
  ['runs for the first time', { state: { running: { startedAt } } }, [`${startedAt} hello`], []],
  [
    'runs again',
    { state: { running: { startedAt } }, lastState: { terminated: { startedAt: before } } },
    [`${startedAt} hello`],
    [`${before} hello`],
  ],
  [
    'waits for its next run',
    { state: { waiting: {} }, lastState: { terminated: { startedAt: before } } },
    [`${before} hello`],
    [`${before} hello`],
  ],
  ['has never run', { state: { waiting: {} } }, [], []],
]
for (const [title, status, now, previous] of runs)
  test(`what a command writes is that of a run: of one that ${title}`, () => {
    const one: KubeObject = {
      ...pod({ name: 'a' }),
      spec: { containers: [{ name: 'main', image: 'busybox', command: ['echo', 'hello'] }] },
      status: { containerStatuses: [{ name: 'main', ...status }] },
    }
    const read = (isPrevious: boolean) =>
      startUpLines(one, 'main', isPrevious).map(
        ({ time, text }) => `${new Date(time).toISOString().replace('.000Z', 'Z')} ${text}`,
      )
    deepEqual([read(false), read(true)], [now, previous])
  })

test.run()
