/** Names of what a pod can have some of, and what a namespace may have at most (pkg/apis/core/helper). */
import { isQualifiedName } from './formats.ts'
import { asGo, invalid, type Problem } from './problems.ts'

const computing = ['cpu', 'memory', 'ephemeral-storage']
/** Of which there are whole pieces only. */
const counted = [
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]
const ofQuotas = [
  ...computing,
  ...computing.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  'requests.storage',
  ...counted,
]

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

export function isQuotaResource(name: string): boolean {
  return ofQuotas.includes(name) || isHugePages(name.replace(/^requests\./, ''))
}

function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/')
}

/** A name of somebody's own: `example.com/gpu`. */
function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0
}

/** Whether more of it may be promised than there is. */
export function isOvercommitted(name: string): boolean {
  return isNative(name) && !isHugePages(name)
}

export function isCounted(name: string): boolean {
  return counted.includes(name) || isExtended(name)
}

export function checkResourceName(name: string, path: string): Problem[] {
  // Go prints such a name without quotes.
  const malformed = isQualifiedName(name).map((message) => invalid(path, asGo(name), message))
  const isKnown = name.includes('/') || name === 'storage' || isQuotaResource(name)
  if (malformed.length > 0 || isKnown) return malformed
  return [invalid(path, asGo(name), 'must be a standard resource type or fully qualified')]
}

export function checkContainerResourceName(name: string, path: string): Problem[] {
  const problems = checkResourceName(name, path)
  if (!name.includes('/'))
    return computing.includes(name) || isHugePages(name)
      ? problems
      : [...problems, invalid(path, asGo(name), 'must be a standard resource for containers')]
  return isNative(name) || isExtended(name)
    ? problems
    : [...problems, invalid(path, asGo(name), "doesn't follow extended resource name standard")]
}

export function checkQuotaResourceName(name: string, path: string): Problem[] {
  const problems = checkResourceName(name, path)
  return name.includes('/') || isQuotaResource(name)
    ? problems
    : [...problems, invalid(path, asGo(name), 'must be a standard resource for quota')]
}
