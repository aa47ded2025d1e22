/** Endpoints and EndpointSlices: the addresses behind each Service with a selector. */
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { dump } from '../go/dump.ts'
import { randomSuffix } from '../names.ts'
import type { KubeObject, Metadata } from '../objects.ts'
import { hasLabels } from '../selectors.ts'
import { timestamp } from '../store/store.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { ownerReference } from './owners.ts'
import { type Container, isReady } from './pods/pod.ts'

const slices = 'endpointslices.discovery.k8s.io'
const changeTime = 'endpoints.kubernetes.io/last-change-trigger-time'
const managedBy = 'endpointslice.kubernetes.io/managed-by'

interface Backend {
  pod: KubeObject
  ready: boolean
  terminating: boolean
}

interface Port {
  name?: string
  port: number
  protocol: string
  appProtocol?: string
}

interface Subset {
  addresses?: { ip: string }[]
  notReadyAddresses?: { ip: string }[]
}

interface Endpoint {
  targetRef?: { uid: string }
  conditions: { serving: boolean }
}

export const endpointsController: Controller = {
  name: 'endpoints-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object, previous }, { store }) => {
    if (resource === 'services') return [keyOf(object)]
    if (resource !== 'pods') return []
    // A pod that has just lost a Service's labels is still in its Endpoints.
    const isConcerned = ({ spec }: KubeObject) =>
      concerns(spec.selector, object) || (previous !== undefined && concerns(spec.selector, previous))
    return store.list('services', object.metadata.namespace).filter(isConcerned).map(keyOf)
  },
  reconcile: (key, context) => {
    const { namespace, name } = splitKey(key)
    const service = context.store.get('services', name, namespace)
    if (!service) {
      if (context.store.get('endpoints', name, namespace)) context.store.remove('endpoints', name, namespace)
      return undefined
    }
    if (!service.spec.selector || service.spec.type === 'ExternalName') return undefined
    const backends = context.store
      .list('pods', namespace)
      .filter((pod) => concerns(service.spec.selector, pod) && pod.status?.podIP && hasNotEnded(pod))
      .map((pod) => ({
        pod,
        ready: isReady(pod) || Boolean(service.spec.publishNotReadyAddresses),
        terminating: pod.metadata.deletionTimestamp !== undefined,
      }))
    writeEndpoints(service, backends, context)
    writeSlice(service, backends, context)
    return undefined
  },
}

function concerns(selector: Record<string, string> | undefined, pod: KubeObject): boolean {
  return selector !== undefined && hasLabels(pod.metadata.labels, selector)
}

function hasNotEnded({ status }: KubeObject): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed'
}

function writeEndpoints(service: KubeObject, all: readonly Backend[], { store, write, now }: Context): void {
  const { name, namespace, labels } = service.metadata
  const backends = all.filter(({ terminating }) => !terminating)
  const addresses = (ready: boolean) =>
    backends
      .filter((backend) => backend.ready === ready)
      .map(({ pod }) => ({
        ip: pod.status.podIP as string,
        ...hostnameOf(pod, service),
        nodeName: pod.spec.nodeName,
        targetRef: targetRef(pod),
      }))
      .sort((a, b) => (a.ip < b.ip ? -1 : 1))
  const [ready, notReady] = [addresses(true), addresses(false)]
  const ports = portsOf(service, backends).sort(byHash)
  // Pods that have none of a Service's ports are not behind it.
  const isNone = backends.length === 0 || (service.spec.ports?.length > 0 && ports.length === 0)
  const subsets = isNone
    ? []
    : [
        {
          ...(ready.length > 0 ? { addresses: ready } : {}),
          ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
          ...(ports.length > 0 ? { ports } : {}),
        },
      ]
  const current = store.get('endpoints', name, namespace)
  const wanted = labels || service.spec.clusterIP === 'None' ? { ...labels, ...headless(service) } : undefined
  if (current && isDeepStrictEqual([current.subsets ?? [], current.metadata.labels], [subsets, wanted])) return
  const { labels: _labels, ...metadata } = current?.metadata ?? {}
  const addressesOf = (part: Subset = {}) => [
    ...(part.addresses ?? []).map(({ ip }) => ip),
    ...(part.notReadyAddresses ?? []).map(({ ip }) => `${ip} not ready`),
  ]
  const isTriggered = !current || hasMore(addressesOf(subsets[0]), addressesOf(current.subsets?.[0]))
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: withChange(
      { ...metadata, name, namespace: namespace as string, ...(wanted ? { labels: wanted } : {}) },
      isTriggered,
      now(),
    ),
    ...(subsets.length > 0 ? { subsets } : {}),
  }
  if (current) write.update('endpoints', object)
  else write.create('endpoints', object)
}

/** The order of ports in Endpoints: that of their hashes (kubernetes pkg/api/v1/endpoints, portsByHash). */
function byHash(one: Port, other: Port): number {
  const hash = (port: Port) => createHash('md5').update(dump('v1.EndpointPort', port)).digest()
  return Buffer.compare(hash(one), hash(other))
}

function hasMore(next: readonly string[], before: readonly string[]): boolean {
  return next.some((state) => !before.includes(state))
}

/**
 * When something came to be there, or became ready. What goes away is no such moment: the one before it is forgotten
 * then (TriggerTimeTracker of k8s.io/endpointslice).
 */
function withChange(metadata: Metadata, isTriggered: boolean, now: Date): Metadata {
  const { annotations = {}, ...rest } = metadata
  const { [changeTime]: _before, ...others } = annotations
  const noted = isTriggered ? { ...others, [changeTime]: timestamp(now) } : others
  return Object.keys(noted).length > 0 ? { ...rest, annotations: noted } : rest
}

function writeSlice(service: KubeObject, backends: readonly Backend[], { write, now, dependents }: Context): void {
  const { name, namespace, labels } = service.metadata
  const current = dependents.controlled(service, slices)[0]
  const order = ((current?.endpoints ?? []) as Endpoint[]).map(({ targetRef: pod }) => pod?.uid)
  const place = ({ pod }: Backend) => {
    const index = order.indexOf(pod.metadata.uid)
    return index < 0 ? order.length : index
  }
  const endpoints = [...backends]
    .sort((a, b) => place(a) - place(b))
    .map(({ pod, ready, terminating }) => ({
      addresses: [pod.status.podIP],
      conditions: { ready: ready && !terminating, serving: ready, terminating },
      ...hostnameOf(pod, service),
      targetRef: targetRef(pod),
      nodeName: pod.spec.nodeName,
    }))
  const ports = orNull(portsOf(service, backends).map(named))
  const wanted = {
    ...labels,
    ...headless(service),
    [managedBy]: 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': name,
  }
  const isSame = current && isDeepStrictEqual([current.endpoints ?? [], current.ports ?? null], [endpoints, ports])
  if (isSame && isDeepStrictEqual(current.metadata.labels, wanted)) return
  const statesOf = (list: readonly Endpoint[]) =>
    list.map(({ targetRef: pod, conditions }) => `${pod?.uid} ${conditions.serving}`)
  const isTriggered = !current || hasMore(statesOf(endpoints), statesOf(current.endpoints ?? []))
  if (current) {
    const generation = (current.metadata.generation ?? 1) + (isSame ? 0 : 1)
    const metadata = withChange({ ...current.metadata, labels: wanted, generation }, isTriggered, now())
    write.update(slices, { ...current, metadata, endpoints: orNull(endpoints), ports })
    return
  }
  write.create(slices, {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints: orNull(endpoints),
    kind: 'EndpointSlice',
    metadata: withChange(
      {
        name: `${name}-${randomSuffix()}`,
        generateName: `${name}-`,
        namespace: namespace as string,
        generation: 1,
        labels: wanted,
        ownerReferences: [ownerReference(service)],
      },
      isTriggered,
      now(),
    ),
    ports,
  })
}

/** As Go writes a list in which nothing was ever put. */
function orNull<Item>(list: readonly Item[]): readonly Item[] | null {
  return list.length > 0 ? list : null
}

/** In a slice a port that has no name is called nothing. */
function named({ name = '', ...port }: Port): Port {
  return { name, ...port }
}

/** Pods in the service's own domain are known by their names there. */
function hostnameOf({ spec }: KubeObject, { metadata }: KubeObject): { hostname?: string } {
  return spec.hostname && spec.subdomain === metadata.name ? { hostname: spec.hostname } : {}
}

function targetRef({ metadata }: KubeObject): { kind: string; namespace: string; name: string; uid: string } {
  return { kind: 'Pod', namespace: metadata.namespace as string, name: metadata.name, uid: metadata.uid as string }
}

function headless({ spec }: KubeObject): Record<string, string> {
  return spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}
}

/** The ports behind a Service's ports: a targetPort may be a name that each pod gives a number. */
function portsOf({ spec }: KubeObject, backends: readonly Backend[]): Port[] {
  return (spec.ports ?? []).flatMap(
    ({ name, port, targetPort = port, protocol = 'TCP', appProtocol }: Record<string, string | number>) => {
      const number = typeof targetPort === 'number' ? targetPort : namedPort(targetPort as string, backends)
      if (number === undefined) return []
      return [{ ...(name ? { name } : {}), port: number, protocol, ...(appProtocol ? { appProtocol } : {}) }]
    },
  )
}

function namedPort(name: string, backends: readonly Backend[]): number | undefined {
  if (/^\d+$/.test(name)) return Number(name)
  const containers = backends.flatMap(({ pod }) => pod.spec.containers as Container[])
  return containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort
}
