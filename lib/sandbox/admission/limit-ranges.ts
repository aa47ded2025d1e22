/** Admission plugin LimitRanger: what containers get where they ask for nothing, and how much they may ask for. */
import type { KubeObject } from '../objects.ts'
import { containerResources, quantity, resourcesOf, type Usage } from '../quota/usage.ts'
import { quantityText } from '../schema/quantity.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of objects are known by their schema
type Part = any
type Amounts = Readonly<Record<string, string>>

interface LimitItem {
  type: string
  min?: Amounts
  max?: Amounts
  default?: Amounts
  defaultRequest?: Amounts
  maxLimitRequestRatio?: Amounts
}

function itemsOf({ metadata }: KubeObject, store: Store): LimitItem[] {
  return store.list('limitranges', metadata.namespace).flatMap(({ spec }) => spec.limits as LimitItem[])
}

/** A new pod whose containers have what the namespace's LimitRanges give them; an annotation tells of it. */
export function withLimits(pod: KubeObject, store: Store): KubeObject {
  const items = itemsOf(pod, store).filter(({ type }) => type === 'Container')
  if (items.length === 0) return pod
  const limits: Amounts = Object.assign({}, ...items.map((item) => item.default))
  const requests: Amounts = Object.assign({}, ...items.map((item) => item.defaultRequest))
  const told: string[] = []
  const filled = (kind: string) => (container: Part) => {
    const { resources = {} } = container
    const missing = (given: Amounts, what: 'requests' | 'limits') =>
      Object.keys(given).filter((name) => resources[what]?.[name] === undefined)
    const part = (given: Amounts, what: 'requests' | 'limits') => {
      const names = missing(given, what).sort()
      if (names.length > 0) told.push(`${names.join(', ')} ${what.slice(0, -1)} for ${kind} ${container.name}`)
      const all = { ...given, ...resources[what] }
      return Object.keys(all).length > 0 ? { [what]: all } : {}
    }
    return { ...container, resources: { ...resources, ...part(requests, 'requests'), ...part(limits, 'limits') } }
  }
  const { containers, initContainers } = pod.spec
  const spec = {
    ...pod.spec,
    containers: containers.map(filled('container')),
    ...(initContainers ? { initContainers: initContainers.map(filled('init container')) } : {}),
  }
  if (told.length === 0) return pod
  const annotation = { 'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${told.join('; ')}` }
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotation } },
    spec,
  }
}

/** @throws Forbidden where a new object asks for less or more than the namespace's LimitRanges let it */
export function checkLimits(resource: string, object: KubeObject, store: Store): void {
  const check = checks[resource]
  if (!check) return
  const { name } = object.metadata
  for (const range of store.list('limitranges', object.metadata.namespace)) {
    const found = [...new Set((range.spec.limits as LimitItem[]).flatMap((item) => check(item, object)))]
    if (found.length === 0) continue
    const text = found.length === 1 ? found[0] : `[${found.join(', ')}]`
    throw new StatusError(403, 'Forbidden', `${resource} ${JSON.stringify(name)} is forbidden: ${text}`, {
      name,
      kind: resource,
    })
  }
}

const checks: Readonly<Record<string, (item: LimitItem, object: KubeObject) => string[]>> = {
  pods: (item, pod) => {
    if (item.type === 'Pod') return problems(item, resourcesOf(pod))
    if (item.type !== 'Container') return []
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])] as Part[]
    return all.flatMap((container) => problems(item, containerResources(container)))
  },
  persistentvolumeclaims: (item, claim) => {
    if (item.type !== 'PersistentVolumeClaim') return []
    const { requests } = containerResources(claim.spec)
    return [...tooLittle(item, { requests, limits: new Map() }), ...tooMuch(item, requests, 'request')]
  },
}

interface Asked {
  requests: Usage
  limits: Usage
}

function problems(item: LimitItem, asked: Asked): string[] {
  return [...tooLittle(item, asked), ...tooMuch(item, asked.limits, 'limit', asked.requests), ...tooFar(item, asked)]
}

const inOrder = (amounts: Amounts = {}) => Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1))

function tooLittle({ type, min }: LimitItem, { requests, limits }: Asked): string[] {
  return inOrder(min).flatMap(([name, least]) => {
    const rule = `minimum ${name} usage per ${type} is ${least}`
    const [request, limit] = [requests.get(name), limits.get(name)]
    if (!request) return [`${rule}.  No request is specified`]
    if (request.nanos < quantity(least).nanos) return [`${rule}, but request is ${quantityText(request)}`]
    if (limit && limit.nanos < quantity(least).nanos) return [`${rule}, but limit is ${quantityText(limit)}`]
    return []
  })
}

/** @param of what must be said, and may not be more; what else is said may not be more either */
function tooMuch({ type, max }: LimitItem, of: Usage, what: string, also: Usage = new Map()): string[] {
  return inOrder(max).flatMap(([name, most]) => {
    const rule = `maximum ${name} usage per ${type} is ${most}`
    const [asked, other] = [of.get(name), also.get(name)]
    if (!asked) return [`${rule}.  No ${what} is specified`]
    if (asked.nanos > quantity(most).nanos) return [`${rule}, but ${what} is ${quantityText(asked)}`]
    if (other && other.nanos > quantity(most).nanos) return [`${rule}, but request is ${quantityText(other)}`]
    return []
  })
}

function tooFar({ type, maxLimitRequestRatio }: LimitItem, { requests, limits }: Asked): string[] {
  return inOrder(maxLimitRequestRatio).flatMap(([name, most]) => {
    const rule = `${name} max limit to request ratio per ${type} is ${most}, but`
    const [request, limit] = [requests.get(name)?.nanos ?? 0n, limits.get(name)?.nanos ?? 0n]
    if (request === 0n) return [`${rule} no request is specified or request is 0`]
    if (limit === 0n) return [`${rule} no limit is specified or limit is 0`]
    const ratio = Number(limit) / Number(request)
    return ratio > Number(quantity(most).nanos) / 1e9 ? [`${rule} provided ratio is ${ratio.toFixed(6)}`] : []
  })
}
