/** The names by which rules mean a service of namespace default: short, with the namespace, or in full. */

/** True where both names mean the same service. */
export function sameHost(a: string, b: string): boolean {
  return shortName(a) === shortName(b)
}

function shortName(host: string): string {
  return host.replace(/\.default(\.svc\.cluster\.local)?$/, '')
}
