/** EndpointSlices of what somebody has written into Endpoints by hand, for a Service that selects nothing. */
import { isIPv6 } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { randomSuffix } from '../names.ts'
import type { KubeObject, Labels } from '../objects.ts'
import { type Context, type Controller, keyOf, splitKey } from './controller.ts'
import { ownerReference } from './owners.ts'

const slices = 'endpointslices.discovery.k8s.io'
const skip = 'endpointslice.kubernetes.io/skip-mirror'
/** What is not passed on. */
const ownAnnotations = [
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
]

// biome-ignore lint/suspicious/noExplicitAny: parts of endpoints are known by the schema
type Part = any

export const endpointsMirror: Controller = {
  name: 'endpointslice-mirroring-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }) => (resource === 'endpoints' || resource === 'services' ? [keyOf(object)] : []),
  reconcile: (key, context) => {
    const { namespace, name } = splitKey(key)
    const endpoints = context.store.get('endpoints', name, namespace)
    if (!endpoints) return undefined
    const service = context.store.get('services', name, namespace)
    const isMirrored = service && !service.spec.selector && endpoints.metadata.labels?.[skip] !== 'true'
    mirror(endpoints, isMirrored ? slicesOf(endpoints) : [], context)
    return undefined
  },
}

type Slice = Pick<KubeObject, 'addressType' | 'endpoints' | 'ports'>

function slicesOf({ subsets = [] }: KubeObject): Slice[] {
  return (subsets as Part[]).flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }) => {
    const all = [
      ...addresses.map((address: Part) => endpointOf(address, true)),
      ...notReadyAddresses.map((address: Part) => endpointOf(address, false)),
    ]
    const isOf6 = ({ addresses: [ip] }: Part) => isIPv6(ip)
    return [
      { addressType: 'IPv4', endpoints: all.filter((one) => !isOf6(one)) },
      { addressType: 'IPv6', endpoints: all.filter(isOf6) },
    ]
      .filter(({ endpoints }) => endpoints.length > 0)
      .map((slice) => ({ ...slice, ports: ports.map(({ name = '', ...port }: Part) => ({ name, ...port })) }))
  })
}

function endpointOf({ ip, hostname, nodeName, targetRef }: Part, ready: boolean): Part {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(targetRef ? { targetRef } : {}),
  }
}

/** Writes the slices that are wanted into those that are there, and takes the others away. */
function mirror(endpoints: KubeObject, wanted: readonly Slice[], { store, write, dependents }: Context): void {
  const { name, namespace, labels, annotations } = endpoints.metadata
  const passedOn: Labels = Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) => !ownAnnotations.includes(key)),
  )
  const marks = {
    labels: {
      ...labels,
      'kubernetes.io/service-name': name,
      'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
    },
    ...(Object.keys(passedOn).length > 0 ? { annotations: passedOn } : {}),
  }
  const present = dependents.controlled(endpoints, slices)
  for (const [index, slice] of wanted.entries()) {
    const current = present[index]
    if (!current)
      write.create(slices, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: {
          name: `${name}-${randomSuffix()}`,
          generateName: `${name}-`,
          namespace: namespace as string,
          generation: 1,
          ...marks,
          ownerReferences: [ownerReference(endpoints)],
        },
        ...slice,
      })
    else {
      const isSame = isDeepStrictEqual(contentOf(current), slice)
      const { annotations: _before, generation = 1, ...metadata } = current.metadata
      const next = { ...metadata, ...marks, generation: generation + (isSame ? 0 : 1) }
      write.update(slices, { ...current, ...slice, metadata: next })
    }
  }
  for (const { metadata } of present.slice(wanted.length)) store.remove(slices, metadata.name, metadata.namespace)
}

function contentOf({ addressType, endpoints, ports }: KubeObject): Slice {
  return { addressType, endpoints, ports }
}
