/** What pods ask of a node, and what it has. */
import { memo } from '../../memo.ts'
import type { KubeObject } from '../../objects.ts'
import { nanosOf } from '../../schema/quantity.ts'
import type { Container } from './pod.ts'

type Amounts = ReadonlyMap<string, bigint>

interface Shortage {
  name: string
  /** In thousandths of processors, in bytes or in pieces. */
  requested: bigint
  used: bigint
  capacity: bigint
}

/** What the node has too little of for one more pod, in the scheduler's words. */
export function exceeded(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): string[] {
  return shortages(pod, node, others).map(({ name }) => (name === 'pods' ? 'Too many pods' : `Insufficient ${name}`))
}

/** The first of them. */
export function shortage(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): Shortage | undefined {
  return shortages(pod, node, others)[0]
}

function shortages(pod: KubeObject, node: KubeObject, others: readonly KubeObject[]): Shortage[] {
  const allocatable: Record<string, string> | undefined = node.status?.allocatable
  if (!allocatable) return []
  const { pods, ...resources } = allocatable
  const taken = sum(others.map(requests))
  const lacking = [...requests(pod)].flatMap(([name, wanted]) => {
    const [used, capacity] = [taken.get(name) ?? 0n, nanos(resources[name] ?? '0')]
    const unit = name === 'cpu' ? 1_000_000n : 1_000_000_000n
    return wanted > 0n && used + wanted > capacity
      ? [{ name, requested: wanted / unit, used: used / unit, capacity: capacity / unit }]
      : []
  })
  const count = BigInt(others.length)
  // `10k` is a number of pods too.
  const capacity = nanos(pods ?? '0') / 1_000_000_000n
  const isFull = pods !== undefined && count >= capacity
  return [...(isFull ? [{ name: 'pods', requested: 1n, used: count, capacity }] : []), ...lacking]
}

function requests({ spec }: KubeObject): Amounts {
  return requestsOf(spec)
}

/**
 * Init containers run one after the other, and before all others; sidecars among them run on. By the specs of pods,
 * which hardly ever change: each is asked again for every pod that comes.
 */
const requestsOf = memo((spec: KubeObject['spec']): Amounts => {
  let beside: Amounts = new Map()
  let most: Amounts = new Map()
  for (const init of (spec.initContainers ?? []) as Container[]) {
    const now = sum([beside, ofContainer(init)])
    if (init.restartPolicy === 'Always') beside = now
    most = greatest(most, now)
  }
  const running = sum([beside, ...(spec.containers as Container[]).map(ofContainer)])
  return sum([greatest(most, running), amounts(spec.overhead)])
})

function ofContainer({ resources }: Container): Amounts {
  return amounts(resources?.requests)
}

function amounts(quantities: Record<string, string | number> = {}): Amounts {
  return new Map(Object.entries(quantities).map(([name, quantity]) => [name, nanos(quantity)]))
}

/** In billionths. */
function nanos(quantity: string | number): bigint {
  return nanosOf(quantity)
}

function sum(all: readonly Amounts[]): Amounts {
  return merged(all, (a, b) => a + b)
}

function greatest(...all: readonly Amounts[]): Amounts {
  return merged(all, (a, b) => (a > b ? a : b))
}

function merged(all: readonly Amounts[], combine: (a: bigint, b: bigint) => bigint): Amounts {
  const result = new Map<string, bigint>()
  for (const one of all) for (const [name, amount] of one) result.set(name, combine(result.get(name) ?? 0n, amount))
  return result
}
