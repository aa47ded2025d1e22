/** The names by which rules mean a service of namespace default: short, with the namespace, or in full. */

/** True where a name, as an object of that namespace writes it, means this service of namespace default. */
export function meansService(host: string, namespace: string | undefined, service: string): boolean {
  // A short name means a service of the namespace in which it is written.
  const written = namespace === 'default' || host.includes('.') ? host : `${host}.${namespace}`
  return sameHost(written, service)
}

/** True where both names mean the same service. */
export function sameHost(a: string, b: string): boolean {
  return shortName(a) === shortName(b)
}

function shortName(host: string): string {
  return host.replace(/\.default(\.svc\.cluster\.local)?$/, '')
}
