/** Admission plugin ResourceQuota: what a namespace has no more room for is refused. */
import { type Kind, resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { isAbout } from '../quota/scopes.ts'
import {
  computed,
  containerResources,
  growth,
  quantity,
  total,
  type Usage,
  usageOf,
  usageText,
} from '../quota/usage.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'

/** What may grow when it is changed. */
const grown: readonly string[] = ['services', 'persistentvolumeclaims']

/** Where a quota limits one of these, every container must say how much it wants. */
const toBeNamed = ['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`])

/** @throws Forbidden */
export function checkQuotas(kind: Kind, object: KubeObject, store: Store, old?: KubeObject): void {
  const resource = resourceName(kind)
  const { namespace } = object.metadata
  if (!namespace || (old && !grown.includes(resource))) return
  const quotas = store
    .list('resourcequotas', namespace)
    .filter((quota) => quota.status?.hard && isAbout(quota, resource, object))
  if (quotas.length === 0) return
  const refused = (why: string) => forbidden(kind, resource, object, why)
  if (resource === 'pods')
    for (const quota of quotas) {
      const missing = unnamed(object, Object.keys(quota.status.hard))
      if (missing) throw refused(`failed quota: ${quota.metadata.name}: must specify ${missing}`)
    }
  const wanted = growth(usageOf(resource, object), old ? usageOf(resource, old) : new Map())
  for (const quota of quotas) {
    const { hard } = quota.status as { hard: Record<string, string> }
    const used = usedOf(quota, store)
    const isTooMuch = (name: string) =>
      hard[name] !== undefined &&
      (used.get(name)?.nanos ?? 0n) + (wanted.get(name)?.nanos ?? 0n) > quantity(hard[name]).nanos
    const exceeded = [...wanted.keys()].filter(isTooMuch)
    if (exceeded.length === 0) continue
    const part = (of: (name: string) => ReturnType<typeof quantity>) =>
      usageText(new Map(exceeded.map((name) => [name, of(name)])))
    const nothing = quantity(0)
    throw refused(
      `exceeded quota: ${quota.metadata.name}, requested: ${part((name) => wanted.get(name) ?? nothing)}, ` +
        `used: ${part((name) => used.get(name) ?? nothing)}, limited: ${part((name) => quantity(hard[name] ?? 0))}`,
    )
  }
}

/** What all objects of the quota's namespace use of what it limits. */
export function usedOf(quota: KubeObject, store: Store): Usage {
  const { namespace } = quota.metadata
  const all = store.resources.flatMap((resource) =>
    store
      .list(resource, namespace)
      .filter((object) => isAbout(quota, resource, object))
      .map((object) => usageOf(resource, object)),
  )
  return total(all)
}

/** `limits.cpu for: a,b; limits.memory for: a`; undefined where every container says it. */
function unnamed({ spec }: KubeObject, limited: readonly string[]): string | undefined {
  const required = toBeNamed.filter((name) => limited.includes(name)).sort()
  const missing = required.flatMap((name) => {
    const silent = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].filter((container) => {
      const { requests, limits } = containerResources(container)
      return !computed(requests, limits).has(name)
    })
    const names = silent.map((container) => container.name as string).sort()
    return names.length > 0 ? [`${name} for: ${names.join(',')}`] : []
  })
  return missing.length > 0 ? missing.join('; ') : undefined
}

function forbidden({ group, plural }: Kind, resource: string, { metadata }: KubeObject, why: string): StatusError {
  return new StatusError(403, 'Forbidden', `${resource} ${JSON.stringify(metadata.name)} is forbidden: ${why}`, {
    name: metadata.name,
    ...(group ? { group } : {}),
    kind: plural,
  })
}
