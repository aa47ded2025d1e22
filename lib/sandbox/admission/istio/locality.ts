/** localityLbSetting: how traffic prefers near endpoints. */
import type { Part } from './part.ts'
import type { Problems } from './problems.ts'

const topology = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']

export function checkLocality(setting: Part, hasOutlierDetection: boolean, problems: Problems): void {
  const { distribute = [], failover = [], failoverPriority = [] } = setting
  if (distribute.length > 0 && failover.length > 0) {
    problems.add("can not simultaneously specify 'distribute' and 'failover'")
    return
  }
  const both = failover.length > 0 && failoverPriority.find((label: string) => topology.includes(label))
  if (both) {
    problems.add(`can not simultaneously set 'failover' and topology label '${both}' in 'failover_priority'`)
    return
  }
  for (const { to = {} } of distribute) {
    const error = weightsError(Object.values(to))
    if (error !== undefined) {
      problems.add(error)
      return
    }
    problems.add(localitiesError(Object.keys(to)))
  }
  problems.add(localitiesError(distribute.map(({ from = '' }: Part) => from)))
  if ((failover.length > 0 || failoverPriority.length > 0) && !hasOutlierDetection)
    problems.warn('outlier detection policy must be provided for failover')
  for (const { from = '', to = '' } of failover) {
    if (from === to) problems.add('locality lb failover settings must specify different regions')
    if (`${from}${to}`.includes('/')) problems.add('locality lb failover only specify region')
    if (`${from}${to}`.includes('*')) problems.add("locality lb failover region should not contain '*' wildcard")
  }
}

function weightsError(weights: readonly number[]): string | undefined {
  if (weights.some((weight) => weight <= 0 || weight > 100)) return 'locality weight must be in range [1, 100]'
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return total === 100 ? undefined : `total locality weight ${total} != 100`
}

/** `REGION/ZONE/SUBZONE`, of which the last may be missing: then it stands for all below, and none of those may follow. */
function localitiesError(localities: readonly string[]): string | undefined {
  const seen: string[][] = []
  for (const locality of localities) {
    const stars = locality.split('*').length - 1
    if (stars > 1 || (stars === 1 && !locality.endsWith('*')))
      return `locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`
    const parts = locality.split('/')
    if (parts.slice(0, 3).includes('')) return `locality ${locality} must not contain empty region/zone/subzone info`
    const own = parts.at(-1) === '*' ? parts.slice(0, -1) : parts
    const isInside = (outer: readonly string[], inner: readonly string[]) =>
      outer.every((part, at) => part === inner[at])
    if (seen.some((other) => isInside(other, own) || isInside(own, other)))
      return `locality ${locality} overlap with previous specified ones`
    seen.push(own)
  }
  return undefined
}
