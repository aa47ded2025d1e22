import * as assert from 'uvu/assert'
import { immediate, lifelike } from '../../../lib/sandbox/controllers/pace.ts'
import { crashPause } from '../../../lib/sandbox/controllers/pods/lifecycle.ts'
import { podColumns } from '../../../lib/sandbox/kinds/columns/pods.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'
import { deployment, pod, startCluster, stopClusters, type TestCluster } from './cluster.ts'

const test = suite('pods')
test.after.each(stopClusters)

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const get = ({ store }: TestCluster, name: string) => store.get('pods', name, 'default')
const reason = (found: KubeObject | undefined): string | undefined =>
  found?.status.containerStatuses?.[0]?.state.waiting?.reason
const running = (cluster: TestCluster, name: string) =>
  cluster.until(`${name} running`, () => {
    const found = get(cluster, name)
    return found?.status.conditions?.some(({ type, status }: Part) => type === 'Ready' && status === 'True') && found
  })

const probed: readonly [probes: object, states: string[]][] = [
  [{}, ['started ready']],
  [{ readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } }, ['started', 'started ready']],
  [{ startupProbe: { tcpSocket: { port: 80 } } }, ['', 'started', 'started ready']],
]
for (const [probes, expected] of probed)
  test(`a container that runs is ${expected.map((state) => state || 'neither').join(', then ')} with ${JSON.stringify(probes)}`, async () => {
    const cluster = await startCluster()
    const states: string[] = []
    cluster.store.watch(({ resource, object: { status } }) => {
      const [main] = status?.containerStatuses ?? []
      if (resource === 'pods' && main?.state.running)
        states.push([main.started && 'started', main.ready && 'ready'].filter(Boolean).join(' '))
    })
    cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image: 'nginx:1.25', ...probes }] }))
    await running(cluster, 'web')
    assert.equal([...new Set(states)], expected)
  })

test('a pod that runs for longer than it may is ended, and failed for that', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web', { activeDeadlineSeconds: 1 }))
  const { status } = await cluster.until('its end', () => {
    const found = get(cluster, 'web')
    return found?.status.phase === 'Failed' && found
  })
  const message = 'Pod was active on the node longer than the specified deadline'
  assert.equal([status.reason, status.message], ['DeadlineExceeded', message])
  assert.equal(status.containerStatuses[0].state.terminated.exitCode, 0)
  assert.equal(cluster.events('web').slice(-2), [
    `Normal DeadlineExceeded: ${message}`,
    'Normal Killing: Stopping container web',
  ])
})

test('a pod goes from Pending over its init containers to Running, one state after the other', async () => {
  const cluster = await startCluster()
  const states: string[] = []
  cluster.store.watch(({ resource, object: { status } }) => {
    if (resource !== 'pods') return
    const init = status.initContainerStatuses?.[0]
    const [main] = status.containerStatuses ?? []
    const text = [
      status.phase,
      init ? (init.state.waiting?.reason ?? Object.keys(init.state)[0]) : '-',
      main ? (main.state.waiting?.reason ?? (main.ready ? 'ready' : Object.keys(main.state)[0])) : '-',
    ].join(' ')
    if (states.at(-1) !== text) states.push(text)
  })
  const init = [{ name: 'first', image: 'busybox:1.36' }]
  cluster.registry.create('pods', pod('web', { initContainers: init }))
  const done = await running(cluster, 'web')
  assert.equal(states, [
    'Pending - -',
    'Pending PodInitializing PodInitializing',
    'Pending terminated PodInitializing',
    'Running terminated ready',
  ])
  assert.is(done.spec.nodeName, 'node')
  assert.match(done.status.podIP, /^10\.244\./)
  assert.is(done.status.hostIP, '172.18.0.2')
  assert.is(done.status.qosClass, 'BestEffort')
  assert.is(done.status.initContainerStatuses[0].state.terminated.reason, 'Completed')
  assert.equal(
    done.status.conditions.map(({ type, status }: Part) => `${type}=${status}`),
    ['PodReadyToStartContainers=True', 'Initialized=True', 'Ready=True', 'ContainersReady=True', 'PodScheduled=True'],
  )
  assert.equal(cluster.events('web'), [
    'Normal Scheduled: Successfully assigned default/web to node',
    'Normal Pulled: Container image "busybox:1.36" already present on machine',
    'Normal Created: Created container first',
    'Normal Started: Started container first',
    'Normal Pulled: Container image "nginx:1.25" already present on machine',
    'Normal Created: Created container web',
    'Normal Started: Started container web',
  ])
})

test('an init container that always restarts keeps running beside the others, and ends last', async () => {
  const cluster = await startCluster()
  const initContainers = [
    { name: 'sidecar', image: 'nginx:1.25', restartPolicy: 'Always' },
    { name: 'before', image: 'busybox:1.36' },
  ]
  cluster.registry.create('pods', pod('web', { initContainers }))
  const { status } = await running(cluster, 'web')
  const state = ({ name, ready, state: now }: Part) => `${name} ${ready} ${Object.keys(now)[0]}`
  assert.equal(status.initContainerStatuses.map(state), ['sidecar true running', 'before true terminated'])
  assert.equal(status.containerStatuses.map(state), ['web true running'])
  cluster.registry.delete('pods', 'web', 'default', {})
  await cluster.until('its end', () => !get(cluster, 'web'))
  assert.equal(cluster.events('web').slice(-2), [
    'Normal Killing: Stopping container web',
    'Normal Killing: Stopping container sidecar',
  ])
})

const withImage = (cluster: TestCluster, image: string) => {
  const found = structuredClone(get(cluster, 'web') as KubeObject)
  found.spec.containers[0].image = image
  cluster.registry.update('pods', found)
}
const change = 'Normal Killing: Container web definition changed, will be restarted'

test('a container whose image is to be another is started anew with it', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web'))
  const { containerID } = (await running(cluster, 'web')).status.containerStatuses[0]
  withImage(cluster, 'nginx:1.26')
  const status = await cluster.until('the restart', () => {
    const [now] = get(cluster, 'web')?.status.containerStatuses ?? []
    return now?.restartCount === 1 && now.ready && now
  })
  assert.is(status.image, 'docker.io/library/nginx:1.26')
  assert.is(status.lastState.terminated.containerID, containerID)
  assert.ok(cluster.events('web').includes(change))
  await cluster.settled()
  assert.is(get(cluster, 'web')?.status.containerStatuses[0].restartCount, 1)
})

test('a container whose next image cannot be had is ended all the same', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web'))
  await running(cluster, 'web')
  withImage(cluster, 'nginx:nosuchtag')
  await cluster.until('its reason', () => reason(get(cluster, 'web')) === 'ErrImagePull')
  const { phase, containerStatuses } = get(cluster, 'web')?.status ?? {}
  assert.is(phase, 'Running')
  assert.is(containerStatuses[0].ready, false)
  assert.is(containerStatuses[0].restartCount, 0)
  assert.is(containerStatuses[0].lastState.terminated.reason, 'Completed')
  withImage(cluster, 'nginx:1.26')
  await running(cluster, 'web')
  assert.is(get(cluster, 'web')?.status.containerStatuses[0].restartCount, 1)
})

test('a container whose readiness probe fails runs and is not ready, and says why', async () => {
  const cluster = await startCluster()
  const readinessProbe = { httpGet: { port: 9080, path: '/nowhere' }, periodSeconds: 1 }
  const containers = [{ name: 'web', image: 'istio/examples-bookinfo-details-v1:1.18.0', readinessProbe }]
  cluster.registry.create('pods', pod('web', { containers }))
  const failed = 'Warning Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404'
  await cluster.until('the event', () => cluster.events('web').includes(failed))
  await cluster.settled()
  const { phase, containerStatuses } = get(cluster, 'web')?.status ?? {}
  assert.is(phase, 'Running')
  assert.is(containerStatuses[0].ready, false)
  const asked = () => cluster.store.list('events').find((event) => event.reason === 'Unhealthy')?.count
  await cluster.until('the next try', () => asked() === 2)
})

const details = 'istio/examples-bookinfo-details-v1:1.18.0'
const unwell = { httpGet: { port: 9080, path: '/nowhere' }, periodSeconds: 1, failureThreshold: 2 }
const notFound = 'HTTP probe failed with statuscode: 404'

for (const [probe, title] of Object.entries({ liveness: 'Liveness', startup: 'Startup' }))
  test(`a container that fails its ${probe} probe too often is ended and started again`, async () => {
    const cluster = await startCluster()
    const containers = [{ name: 'web', image: details, [`${probe}Probe`]: unwell }]
    cluster.registry.create('pods', pod('web', { containers }))
    const { status } = await cluster.until('its second start', () => {
      const found = get(cluster, 'web')
      return found?.status.containerStatuses?.[0]?.restartCount === 1 && found
    })
    const { exitCode, reason: why } = status.containerStatuses[0].lastState.terminated
    assert.equal([exitCode, why], [143, 'Error'])
    const told = cluster.events('web').filter((text) => /Unhealthy|Killing/.test(text))
    assert.equal(told, [
      `Warning Unhealthy: ${title} probe failed: ${notFound}`,
      `Normal Killing: Container web failed ${probe} probe, will be restarted`,
    ])
    const failures = cluster.store.list('events').find((event) => event.reason === 'Unhealthy')?.count
    assert.is(failures, 2)
    if (probe === 'startup') assert.is(status.containerStatuses[0].started, false)
  })

test('a container that fails its liveness probe in a pod that starts nothing again ends with its pod', async () => {
  const cluster = await startCluster()
  const containers = [{ name: 'web', image: details, livenessProbe: unwell }]
  cluster.registry.create('pods', pod('web', { containers, restartPolicy: 'Never' }))
  await cluster.until('its end', () => get(cluster, 'web')?.status.phase === 'Failed')
  assert.ok(cluster.events('web').includes('Normal Killing: Stopping container web'))
})

test('a container that passes its liveness probe goes on', async () => {
  const cluster = await startCluster()
  const livenessProbe = { ...unwell, httpGet: { port: 9080, path: '/health' } }
  cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image: details, livenessProbe }] }))
  await running(cluster, 'web')
  await cluster.settled()
  assert.equal(
    cluster.events('web').filter((text) => text.includes('Unhealthy')),
    [],
  )
})

test('a program that sleeps runs until it has', async () => {
  const cluster = await startCluster()
  const containers = [{ name: 'web', image: 'busybox', command: ['sh', '-c', 'sleep 1; exit 3'] }]
  cluster.registry.create('pods', pod('web', { containers, restartPolicy: 'Never' }))
  await running(cluster, 'web')
  const { status } = await cluster.until('its end', () => {
    const found = get(cluster, 'web')
    return found?.status.phase === 'Failed' && found
  })
  assert.is(status.containerStatuses[0].state.terminated.exitCode, 3)
})

test('a pod with a readiness gate is ready when somebody says so, and as long', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web', { readinessGates: [{ conditionType: 'example.com/gate' }] }))
  const ready = () => get(cluster, 'web')?.status.conditions?.find(({ type }: Part) => type === 'Ready')
  const closed = await cluster.until('the gate', () => ready()?.reason === 'ReadinessGatesNotReady' && ready())
  assert.is(closed.message, 'corresponding condition of pod readiness gate "example.com/gate" does not exist.')
  const set = (status: string) => {
    const found = get(cluster, 'web') as KubeObject
    const others = found.status.conditions.filter(({ type }: Part) => type !== 'example.com/gate')
    const conditions = [...others, { type: 'example.com/gate', status }]
    cluster.registry.update('pods', { ...found, status: { ...found.status, conditions } }, { subresource: 'status' })
  }
  set('True')
  await running(cluster, 'web')
  set('False')
  await cluster.until('its end', () => ready()?.status === 'False')
  assert.is(ready().message, 'the status of pod readiness gate "example.com/gate" is not "True", but False')
})

/** The texts that `kubectl get pods` would show, one after the other. */
function shown(cluster: TestCluster): string[] {
  const texts: string[] = []
  cluster.store.watch(({ resource, object }) => {
    if (resource !== 'pods') return
    const columns = podColumns.filter(({ name }) => name === 'Status' || name === 'Restarts')
    const text = columns.map(({ value }) => String(value(object, new Date())).replace(/ .*/, '')).join(' ')
    if (texts.at(-1) !== text) texts.push(text)
  })
  return texts
}

const loops: readonly [title: string, spec: Part, texts: string[]][] = [
  [
    'a program that ends is started again, at once and then later each time',
    { containers: [{ name: 'web', image: 'busybox:1.36' }] },
    ['Completed 0', 'Completed 1', 'CrashLoopBackOff 1', 'Completed 2', 'CrashLoopBackOff 2', 'Completed 3'],
  ],
  [
    'a program that fails is started again',
    { containers: [{ name: 'web', image: 'nginx:1.25', command: ['false'] }] },
    ['Error 0', 'Error 1', 'CrashLoopBackOff 1', 'Error 2', 'CrashLoopBackOff 2'],
  ],
  [
    'an init container that fails is started again',
    {
      initContainers: [{ name: 'first', image: 'busybox:1.36', command: ['sh', '-c', 'exit 1'] }],
      containers: [{ name: 'web', image: 'nginx:1.25' }],
    },
    ['Init:Error 0', 'Init:Error 1', 'Init:CrashLoopBackOff 1', 'Init:Error 2', 'Init:CrashLoopBackOff 2'],
  ],
]
for (const [title, spec, expected] of loops)
  test(title, async () => {
    const cluster = await startCluster()
    const texts = shown(cluster)
    cluster.registry.create('pods', pod('web', spec))
    await cluster.until('the last text', () => texts.includes(expected.at(-1) as string))
    const first = texts.indexOf(expected[0] as string)
    assert.equal(texts.slice(first, first + expected.length), expected)
    const { uid } = get(cluster, 'web')?.metadata ?? {}
    const name = spec.initContainers ? 'first' : 'web'
    const backOff = `Warning BackOff: Back-off restarting failed container ${name} in pod web_default(${uid})`
    assert.ok(cluster.events('web').includes(backOff))
  })

const ended: readonly [title: string, spec: Part, phase: string, reason: string][] = [
  ['has succeeded', { containers: [{ name: 'web', image: 'busybox:1.36' }] }, 'Succeeded', 'PodCompleted'],
  ['has failed', { containers: [{ name: 'web', image: 'busybox:1.36', command: ['false'] }] }, 'Failed', 'PodFailed'],
  [
    'has failed before it began',
    {
      initContainers: [{ name: 'first', image: 'busybox:1.36', command: ['false'] }],
      containers: [{ name: 'web', image: 'nginx:1.25' }],
    },
    'Failed',
    'PodFailed',
  ],
]
for (const [title, spec, phase, why] of ended)
  test(`a pod that is never restarted ${title}, and stays so`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('pods', pod('web', { restartPolicy: 'Never', ...spec }))
    await cluster.until('its end', () => get(cluster, 'web')?.status.phase === phase)
    await cluster.settled()
    const found = get(cluster, 'web')
    assert.is(found?.status.phase, phase)
    assert.equal(
      found?.status.conditions
        .filter(({ type }: Part) => /^(PodReadyToStartContainers|Ready)$/.test(type))
        .map(({ status, reason: given }: Part) => `${status} ${given ?? ''}`),
      ['False ', `False ${why}`],
    )
  })

test('a pod waits longer each time before it starts again, five minutes at most', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 60].map((restarts) => crashPause(restarts, lifelike.backOff) / 1000)
  assert.equal(pauses, [10, 20, 40, 80, 160, 300, 300])
})

test('addresses of pods are all different', async () => {
  const cluster = await startCluster()
  for (const name of ['a', 'b', 'c']) cluster.registry.create('pods', pod(name))
  const pods = await Promise.all(['a', 'b', 'c'].map((name) => running(cluster, name)))
  assert.is(new Set(pods.map(({ status }) => status.podIP)).size, 3)
})

test('an image that does not exist gives ErrImagePull, then ImagePullBackOff, again and again', async () => {
  const cluster = await startCluster()
  const reasons: string[] = []
  cluster.store.watch(({ resource, object }) => {
    const now = resource === 'pods' ? reason(object) : undefined
    if (now && reasons.at(-1) !== now) reasons.push(now)
  })
  cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image: 'example.com/nobody/nothing:1' }] }))
  await cluster.until('four states', () => reasons.length >= 5)
  assert.equal(reasons.slice(0, 5), [
    'ContainerCreating',
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrImagePull',
    'ImagePullBackOff',
  ])
  assert.is(get(cluster, 'web')?.status.phase, 'Pending')
  const events = cluster.events('web')
  assert.ok(events.includes('Normal Pulling: Pulling image "example.com/nobody/nothing:1"'))
  assert.ok(events.includes('Warning Failed: Error: ErrImagePull'))
  assert.ok(events.includes('Normal BackOff: Back-off pulling image "example.com/nobody/nothing:1"'))
  assert.ok(events.some((event) => /^Warning Failed: Failed to pull image .*: not found$/.test(event)))
})

test('with a sidecar beside it, a container is said to wait for its image long before the next try', async () => {
  const cluster = await startCluster({ pace: { ...immediate, backOff: 60_000 } })
  const containers = [
    { name: 'web', image: 'nginx:nosuchtag' },
    { name: 'istio-proxy', image: 'istio/proxyv2:1.21.2' },
  ]
  cluster.registry.create('pods', pod('web', { containers }))
  const waiting = () => get(cluster, 'web')?.status.containerStatuses?.[1]?.state.waiting?.reason
  await cluster.until('its reason', () => waiting() === 'ImagePullBackOff')
})

test('another image is tried at once, however long the last is waited for', async () => {
  const cluster = await startCluster({ pace: { ...immediate, backOff: 60_000 } })
  cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image: 'nginx:nosuchtag' }] }))
  await cluster.until('its reason', () => reason(get(cluster, 'web')) === 'ErrImagePull')
  withImage(cluster, 'nginx:1.26')
  await running(cluster, 'web')
})

test('an image whose name is none is not pulled at all', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image: 'Not An Image' }] }))
  await cluster.until('its reason', () => reason(get(cluster, 'web')) === 'InvalidImageName')
})

test('a new pod of the gateway cannot have the ports of the node that the old one still has', async () => {
  const cluster = await startCluster()
  const ports = [{ containerPort: 8080, protocol: 'TCP' }]
  const onHost = { hostNetwork: true, containers: [{ name: 'web', image: 'nginx:1.25', ports }] }
  const rollingUpdate = { maxSurge: '100%', maxUnavailable: '25%' }
  cluster.registry.create('deployments.apps', deployment('gateway', { strategy: { rollingUpdate } }, onHost))
  const old = await cluster.until('the first pod', () =>
    cluster.store.list('pods', 'default').find(({ status }) => status.phase === 'Running'),
  )
  assert.is(old.status.podIP, '172.18.0.2')
  const changed = structuredClone(cluster.store.get('deployments.apps', 'gateway', 'default') as KubeObject)
  changed.spec.template.metadata.annotations = { again: 'yes' }
  cluster.registry.update('deployments.apps', changed)
  const waiting = await cluster.until('a pod that waits', () =>
    cluster.store.list('pods', 'default').find(({ status }) => status.conditions?.[0]?.reason === 'Unschedulable'),
  )
  const message =
    "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
  assert.is(waiting.status.phase, 'Pending')
  assert.is(waiting.status.conditions[0].message, message)
  assert.equal(cluster.events(waiting.metadata.name), [`Warning FailedScheduling: ${message}`])
  cluster.registry.delete('pods', old.metadata.name, 'default', {})
  await running(cluster, waiting.metadata.name)
})

const summary = ({ store }: TestCluster, name: string): string | undefined => {
  const [first] = store.get('pods', name, 'default')?.status.conditions ?? []
  return first?.reason === 'Unschedulable' ? first.message : undefined
}
const noNode = (reasons: string, preemption: string) =>
  `0/1 nodes are available: ${reasons}. preemption: 0/1 nodes are available: 1 ${preemption}.`
const notHelpful = 'Preemption is not helpful for scheduling'
const noVictims = 'No preemption victims found for incoming pod'

const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'x' } }]
const unfits: readonly [title: string, spec: Part, message: string][] = [
  [
    'lacks a label',
    { nodeSelector: { disk: 'fast' } },
    noNode("1 node(s) didn't match Pod's node affinity/selector", notHelpful),
  ],
  ['cannot know its claim', { volumes }, noNode('persistentvolumeclaim "x" not found', notHelpful)],
]
for (const [title, spec, message] of unfits)
  test(`a pod waits where the node ${title}`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('pods', pod('web', spec))
    assert.is(await cluster.until('Unschedulable', () => summary(cluster, 'web')), message)
  })

test('a pod starts when the claim that it mounts is there', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web', { volumes }))
  await cluster.until('Unschedulable', () => summary(cluster, 'web'))
  cluster.registry.create('storageclasses.storage.k8s.io', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'late' },
    provisioner: 'example.com/late',
    volumeBindingMode: 'WaitForFirstConsumer',
  })
  cluster.registry.create('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'x', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'late' },
  })
  await running(cluster, 'web')
})

test('a second pod that wants to be alone on its node waits for the first to go', async () => {
  const cluster = await startCluster()
  const term = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' }
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  const labels = { app: 'web' }
  cluster.registry.create('pods', pod('first', { affinity }, { labels }))
  await running(cluster, 'first')
  cluster.registry.create('pods', pod('second', { affinity }, { labels }))
  const message = await cluster.until('Unschedulable', () => summary(cluster, 'second'))
  assert.is(message, noNode("1 node(s) didn't match pod anti-affinity rules", noVictims))
  cluster.registry.delete('pods', 'first', 'default', {})
  await running(cluster, 'second')
})

test('a pod that wants company starts when that has come', async () => {
  const cluster = await startCluster()
  const term = { labelSelector: { matchLabels: { app: 'other' } }, topologyKey: 'kubernetes.io/hostname' }
  const affinity = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
  cluster.registry.create('pods', pod('web', { affinity }))
  const message = await cluster.until('Unschedulable', () => summary(cluster, 'web'))
  assert.is(message, noNode("1 node(s) didn't match pod affinity rules", notHelpful))
  cluster.registry.create('pods', pod('other', {}, { labels: { app: 'other' } }))
  await running(cluster, 'web')
})

test('a pod of another scheduler is left alone', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web', { schedulerName: 'other' }))
  await cluster.settled()
  assert.equal(get(cluster, 'web')?.status, { phase: 'Pending', qosClass: 'BestEffort' })
  assert.equal(cluster.events('web'), [])
})

test('a pod that waits for a cordoned node starts when the node takes pods again', async () => {
  const cluster = await startCluster()
  const node = cluster.store.get('nodes', 'node') as KubeObject
  cluster.store.update('nodes', { ...node, spec: { unschedulable: true } })
  cluster.registry.create('pods', pod('web'))
  await cluster.until('Unschedulable', () => get(cluster, 'web')?.status.conditions?.[0]?.reason === 'Unschedulable')
  assert.match(get(cluster, 'web')?.status.conditions[0].message, /1 node\(s\) were unschedulable/)
  const [cordoned] = cluster.store.list('nodes')
  assert.ok(cordoned)
  cluster.store.update('nodes', { ...cordoned, spec: {} })
  await running(cluster, 'web')
})

test('a pod waits for a ConfigMap that it mounts, and says so', async () => {
  const cluster = await startCluster()
  const volumes = [{ name: 'settings', configMap: { name: 'missing' } }]
  const containers = [
    { name: 'web', image: 'nginx:1.25', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] },
  ]
  cluster.registry.create('pods', pod('web', { volumes, containers }))
  await cluster.until('the event', () =>
    cluster
      .events('web')
      .includes('Warning FailedMount: MountVolume.SetUp failed for volume "settings" : configmap "missing" not found'),
  )
  assert.is(reason(get(cluster, 'web')), 'ContainerCreating')
  cluster.registry.create('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'missing', namespace: 'default' },
  })
  await running(cluster, 'web')
})

test('a container waits for a ConfigMap that its environment names, and says so', async () => {
  const cluster = await startCluster()
  const env = [{ name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'missing', key: 'level' } } }]
  cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image: 'nginx:1.25', env }] }))
  await cluster.until('its reason', () => reason(get(cluster, 'web')) === 'CreateContainerConfigError')
  const message = 'configmap "missing" not found'
  assert.is(get(cluster, 'web')?.status.containerStatuses[0].state.waiting.message, message)
  assert.equal(cluster.events('web').slice(1), [
    'Normal Pulled: Container image "nginx:1.25" already present on machine',
    `Warning Failed: Error: ${message}`,
  ])
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'missing', namespace: 'default' } }
  const made = cluster.registry.create('configmaps', map)
  const noKey = "couldn't find key level in ConfigMap default/missing"
  await cluster.until('the next reason', () => cluster.events('web').includes(`Warning Failed: Error: ${noKey}`))
  cluster.registry.update('configmaps', { ...made, data: { level: 'high' } })
  await running(cluster, 'web')
})

test('a container that cannot be had does not hold up another', async () => {
  const cluster = await startCluster()
  const bad = { name: 'bad', image: 'example.com/nobody/nothing:1' }
  const env = [{ name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'missing', key: 'level' } } }]
  const containers = [bad, { name: 'late', image: 'nginx:1.25', env }]
  cluster.registry.create('pods', pod('web', { containers }))
  const statuses = () => get(cluster, 'web')?.status.containerStatuses ?? []
  await cluster.until('its reason', () => statuses()[1]?.state.waiting?.reason === 'CreateContainerConfigError')
  const metadata = { name: 'missing', namespace: 'default' }
  cluster.registry.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { level: 'high' } })
  await cluster.until('its start', () => statuses()[1]?.ready)
  assert.ok(/^(ErrImagePull|ImagePullBackOff)$/.test(statuses()[0].state.waiting.reason))
})

// What a real kubelet wrote of pods whose programs end by the signal, and of those that end well.
for (const [image, phase, exitCode] of [
  ['istio/examples-bookinfo-details-v1:1.18.0', 'Failed', 143],
  ['istio/proxyv2:1.21.2', 'Succeeded', 0],
] as const)
  test(`a pod of ${image} that is asked to end is Terminating first, its containers end, then it is gone`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image }] }))
    await running(cluster, 'web')
    const states: string[] = []
    cluster.store.watch(({ type, resource, object: { metadata, status } }) => {
      if (resource !== 'pods') return
      const [{ ready, state }] = status.containerStatuses
      const address = status.podIP ? 'with' : 'without'
      const code = state.terminated?.exitCode ?? 'running'
      states.push(`${type} ${metadata.deletionGracePeriodSeconds} ${status.phase} ${ready} ${code} ${address}`)
    })
    const { isWaiting } = cluster.registry.delete('pods', 'web', 'default', {})
    assert.ok(isWaiting)
    await cluster.until('its end', () => !get(cluster, 'web'))
    assert.equal(states, [
      'MODIFIED 30 Running true running with',
      `MODIFIED 30 ${phase} false ${exitCode} without`,
      `MODIFIED 30 ${phase} false ${exitCode} with`,
      `MODIFIED 0 ${phase} false ${exitCode} with`,
      `DELETED 0 ${phase} false ${exitCode} with`,
    ])
    assert.is(cluster.events('web').at(-1), 'Normal Killing: Stopping container web')
  })

test('pods start one after the other, so that whoever counts them sees each', async () => {
  const cluster = await startCluster({ pace: { ...immediate, apart: 60_000 } })
  cluster.registry.create('deployments.apps', deployment('web', { replicas: 3 }))
  const ready = () => cluster.store.get('deployments.apps', 'web', 'default')?.status?.readyReplicas
  await cluster.until('the first of them', ready)
  await cluster.settled()
  assert.is(ready(), 1)
})

test('what an installation consists of does not wait as long as other pods', async () => {
  const cluster = await startCluster({ pace: { ...immediate, start: 60_000 } })
  await cluster.namespace('istio-system')
  cluster.registry.create('pods', pod('web'))
  cluster.registry.create('pods', pod('istiod', {}, { namespace: 'istio-system' }))
  await cluster.until('it runs', () => cluster.store.get('pods', 'istiod', 'istio-system')?.status?.phase === 'Running')
  assert.is(get(cluster, 'web')?.status.phase, 'Pending')
})

test('a container is not ready before the delay of its probe, whatever the others are', async () => {
  const cluster = await startCluster()
  const image = 'istio/examples-bookinfo-details-v1:1.18.0'
  const readinessProbe = { tcpSocket: { port: 9080 }, initialDelaySeconds: 25, periodSeconds: 10 }
  const containers = [
    { name: 'now', image },
    { name: 'soon', image, readinessProbe: { tcpSocket: { port: 9080 } } },
    { name: 'late', image, readinessProbe },
  ]
  cluster.registry.create('pods', pod('web', { containers }))
  const ready = () => get(cluster, 'web')?.status.containerStatuses?.filter((one: KubeObject) => one.ready)
  await cluster.until('two of them', () => ready()?.length === 2)
  await cluster.settled()
  assert.equal(
    ready()?.map(({ name }: { name: string }) => name),
    ['now', 'soon'],
  )
})

const policies: readonly [policy: string, image: string, events: string[]][] = [
  ['IfNotPresent', 'nginx:1.25', ['Normal Pulled: Container image "nginx:1.25" already present on machine']],
  [
    'Always',
    'nginx:1.25',
    [
      'Normal Pulling: Pulling image "nginx:1.25"',
      'Normal Pulled: Successfully pulled image "nginx:1.25" in 1ms (1ms including waiting)',
    ],
  ],
  [
    'Never',
    'example.com/none:1',
    [
      'Warning ErrImageNeverPull: Container image "example.com/none:1" is not present with pull policy of Never',
      'Warning Failed: Error: ErrImageNeverPull',
    ],
  ],
]

for (const [imagePullPolicy, image, expected] of policies)
  test(`with the pull policy ${imagePullPolicy} it is told how the image was had, or not`, async () => {
    const cluster = await startCluster()
    cluster.registry.create('pods', pod('web', { containers: [{ name: 'web', image, imagePullPolicy }] }))
    await cluster.until('the last event', () => cluster.events('web').includes(expected.at(-1) as string))
    const [, ...events] = cluster.events('web')
    assert.equal(events.slice(0, expected.length), expected)
  })

test('a pod that ended stays as long as somebody holds it', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web', {}, { finalizers: ['example.com/hold'] }))
  await running(cluster, 'web')
  cluster.registry.delete('pods', 'web', 'default', {})
  const held = await cluster.until(
    'its end',
    () => get(cluster, 'web')?.metadata.deletionGracePeriodSeconds === 0 && get(cluster, 'web'),
  )
  await cluster.settled()
  cluster.registry.update('pods', { ...held, metadata: { ...held.metadata, finalizers: [] } })
  assert.is(get(cluster, 'web'), undefined)
})

test('a pod is told apart from a namesake that came after it', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('web'))
  await running(cluster, 'web')
  cluster.registry.delete('pods', 'web', 'default', { gracePeriodSeconds: 0 })
  cluster.registry.create('pods', pod('web'))
  const second = await running(cluster, 'web')
  assert.is(second.metadata.deletionTimestamp, undefined)
})

test('after a restart of the sandbox pods go on where they were', async () => {
  const cluster = await startCluster()
  cluster.registry.create('pods', pod('half'))
  cluster.registry.create('pods', pod('whole'))
  await running(cluster, 'whole')
  cluster.stop()
  cluster.registry.create('pods', pod('late'))
  const again = await startCluster({ store: cluster.store })
  const whole = get(again, 'whole') as KubeObject
  await running(again, 'late')
  assert.equal(get(again, 'whole'), whole)
})

test.run()
