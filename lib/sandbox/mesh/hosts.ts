/** Host names of the mesh: short and full, exact and with a wildcard. */

const clusterDomain = 'svc.cluster.local'

/** Of the domain name system. Clients may send anything as a host; what is longer is nobody's name. */
export const LONGEST_NAME = 255

/** `reviews` in an object of namespace default is `reviews.default.svc.cluster.local`; names with a dot stay. */
export function fullHost(host: string, namespace: string): string {
  return host.includes('.') || host.includes('*') ? host : `${host}.${namespace}.${clusterDomain}`
}

/**
 * The Service that a pod reaches under a name, by its DNS search path:
 * `reviews`, `reviews.default`, `reviews.default.svc`, `reviews.default.svc.cluster.local`.
 */
export function resolveService(host: string, namespace: string): { name: string; namespace: string } | undefined {
  const [name = '', ns = namespace, ...rest] = host.replace(/\.$/, '').split('.')
  return ['', 'svc', clusterDomain].includes(rest.join('.')) ? { name, namespace: ns } : undefined
}

/** The patterns that may match a host, most specific first: `a.b.c`, `*.b.c`, `*.c`, `*`. */
export function candidates(host: string): string[] {
  if (host.length > LONGEST_NAME) return ['*']
  const labels = host.toLowerCase().split('.')
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`)
  // A wildcard stands for something.
  if (labels[0] === '') wildcards.shift()
  return [labels.join('.'), ...wildcards, '*']
}

/**
 * What two host patterns have in common: the narrower of the two, where it lies within the other.
 * Undefined where nothing matches both.
 */
export function intersect(one: string, other: string): string | undefined {
  if (contains(one, other)) return other
  return contains(other, one) ? one : undefined
}

/** Whether all hosts of the inner pattern match the outer one. */
function contains(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) return true
  return outer.startsWith('*') && inner.length >= outer.length && inner.endsWith(outer.slice(1))
}
