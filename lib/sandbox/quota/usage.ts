/** What objects use of what a ResourceQuota may limit. */
import type { KubeObject } from '../objects.ts'
import { added, parseQuantity, type Quantity, quantityText } from '../schema/quantity.ts'

/** By the names that quotas have: `pods`, `requests.cpu`, `count/deployments.apps`. */
export type Usage = ReadonlyMap<string, Quantity>

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any

const none: Quantity = { nanos: 0n, suffix: '' }

export function quantity(amount: string | number): Quantity {
  return parseQuantity(String(amount)) ?? none
}

function usage(amounts: Readonly<Record<string, string | number>>): Usage {
  return new Map(Object.entries(amounts).map(([name, amount]) => [name, quantity(amount)]))
}

export function total(all: readonly Usage[]): Usage {
  const result = new Map<string, Quantity>()
  for (const one of all) for (const [name, amount] of one) result.set(name, added(result.get(name) ?? none, amount))
  return result
}

/** What has grown from one to the other. */
export function growth(next: Usage, old: Usage): Usage {
  const differences = [...next].map(([name, { nanos, suffix }]) => {
    const before = old.get(name)?.nanos ?? 0n
    return [name, { nanos: nanos - before, suffix }] as const
  })
  return new Map(differences.filter(([, { nanos }]) => nanos > 0n))
}

/** `cpu=1,pods=2` as the server writes it. */
export function usageText(used: Usage): string {
  return [...used]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, amount]) => `${name}=${quantityText(amount)}`)
    .join(',')
}

/** Kinds that quotas know by their plural alone too. */
const wellKnown: readonly string[] = ['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas']

const beyondCounting: Readonly<Record<string, (object: KubeObject) => Usage>> = {
  pods: ofPod,
  services: ofService,
  persistentvolumeclaims: ofClaim,
}

/** @param resource as the store names it: `deployments.apps` */
export function usageOf(resource: string, object: KubeObject): Usage {
  const counted = usage({
    [`count/${resource}`]: 1,
    ...(wellKnown.includes(resource) ? { [resource]: 1 } : {}),
  })
  return total([counted, beyondCounting[resource]?.(object) ?? new Map()])
}

function ofPod(pod: KubeObject): Usage {
  if (['Succeeded', 'Failed'].includes(pod.status?.phase)) return new Map()
  const { requests, limits } = resourcesOf(pod)
  return total([usage({ pods: 1 }), computed(requests, limits)])
}

/** The resources that go by their bare names too where they are requested. */
const bare = ['cpu', 'memory', 'ephemeral-storage']

/** Requests and limits under the names that quotas have for them. */
export function computed(requests: Usage, limits: Usage): Usage {
  const named = (prefix: string, all: Usage) => [...all].map(([name, amount]) => [`${prefix}.${name}`, amount] as const)
  return new Map([
    ...[...requests].filter(([name]) => bare.includes(name)),
    ...named('requests', requests),
    ...named('limits', limits).filter(([name]) => bare.includes(name.slice('limits.'.length))),
  ])
}

/** What a pod asks for as a whole: init containers run one after the other, and before all others. */
export function resourcesOf({ spec }: KubeObject): { requests: Usage; limits: Usage } {
  const of = (field: 'requests' | 'limits') => {
    const amounts = ({ resources }: Part) => usage(resources?.[field] ?? {})
    let beside: Usage = new Map()
    let most: Usage = new Map()
    for (const container of (spec.initContainers ?? []) as Part[]) {
      const now = total([beside, amounts(container)])
      if (container.restartPolicy === 'Always') beside = now
      most = greatest(most, now)
    }
    return greatest(most, total([beside, ...(spec.containers as Part[]).map(amounts)]))
  }
  return { requests: of('requests'), limits: of('limits') }
}

/** Those of one container. */
export function containerResources({ resources }: Part): { requests: Usage; limits: Usage } {
  return { requests: usage(resources?.requests ?? {}), limits: usage(resources?.limits ?? {}) }
}

function greatest(a: Usage, b: Usage): Usage {
  const bigger = [...b].filter(([name, { nanos }]) => nanos > (a.get(name)?.nanos ?? -1n))
  return new Map([...a, ...bigger])
}

function ofService({ spec }: KubeObject): Usage {
  const ports: Part[] = spec.ports ?? []
  const isBalanced = spec.type === 'LoadBalancer'
  const nodePorts =
    isBalanced && spec.allocateLoadBalancerNodePorts === false
      ? ports.filter(({ nodePort }) => nodePort).length
      : isBalanced || spec.type === 'NodePort'
        ? ports.length
        : 0
  return usage({ services: 1, 'services.nodeports': nodePorts, 'services.loadbalancers': isBalanced ? 1 : 0 })
}

function ofClaim({ spec, status }: KubeObject): Usage {
  const storage = status?.allocatedResources?.storage ?? spec.resources?.requests?.storage
  const prefix = `${spec.storageClassName}.storageclass.storage.k8s.io/`
  return usage({
    persistentvolumeclaims: 1,
    ...(storage ? { 'requests.storage': storage } : {}),
    ...(spec.storageClassName ? { [`${prefix}persistentvolumeclaims`]: 1 } : {}),
    ...(spec.storageClassName && storage ? { [`${prefix}requests.storage`]: storage } : {}),
  })
}
