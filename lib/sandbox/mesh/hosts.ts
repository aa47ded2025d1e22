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

/** The patterns that may match a host, longest first, as Envoy looks for them: `ab.c`, `*b.c`, `*.c`, `*c`, `*`. */
export function candidates(host: string): string[] {
  if (host.length > LONGEST_NAME) return ['*']
  const name = host.toLowerCase()
  // A wildcard stands for something.
  return [name, ...Array.from(name.slice(1), (_, index) => `*${name.slice(index + 1)}`), '*']
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
