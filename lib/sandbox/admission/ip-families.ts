/** Which kinds of addresses a Service has, in a cluster that has IPv4 only. */
import { isIPv6 } from 'node:net'
import type { KubeObject } from '../objects.ts'
import { goStrings, invalid, invalidError, type Part, type Problem } from '../schema/validation/problems.ts'

interface Families {
  ipFamilyPolicy: string
  ipFamilies: string[]
}

/**
 * Who has no cluster IP and selects nothing may ask for any family: its endpoints are its owner's matter.
 * @throws Invalid when anybody else asks for what the cluster does not have
 */
export function ipFamilies(service: KubeObject, old?: KubeObject): Families {
  const { spec } = service
  const isFree = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0
  const ipFamilyPolicy =
    spec.ipFamilyPolicy ?? old?.spec.ipFamilyPolicy ?? (isFree ? 'RequireDualStack' : 'SingleStack')
  const families: readonly string[] = spec.ipFamilies ?? []
  refuse(service, [...checkSingle(spec, ipFamilyPolicy), ...checkInferred(spec, families)])
  if (isFree) return { ipFamilyPolicy, ipFamilies: withBoth(families, ipFamilyPolicy) }
  refuse(service, checkConfigured(families, ipFamilyPolicy))
  return { ipFamilyPolicy, ipFamilies: families.length > 0 ? [...families] : ['IPv4'] }
}

function refuse({ metadata }: KubeObject, problems: readonly Problem[]): void {
  if (problems.length > 0) throw invalidError({ kind: 'Service', group: '' }, metadata.name, problems)
}

function checkSingle({ clusterIPs = [], ipFamilies: families = [] }: Part, policy: string): Problem[] {
  if (policy !== 'SingleStack') return []
  const several = (what: string) =>
    invalid(
      'spec.ipFamilyPolicy',
      policy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    )
  return [
    ...(clusterIPs.length === 2 ? [several('cluster IPs')] : []),
    ...(families.length === 2 ? [several('IP families')] : []),
  ]
}

/** An address tells its family where none is named. */
function checkInferred(
  { clusterIP, clusterIPs = clusterIP ? [clusterIP] : [] }: Part,
  families: readonly string[],
): Problem[] {
  return (clusterIPs as string[]).flatMap((address, index) =>
    index >= families.length && isIPv6(address)
      ? [invalid(`spec.clusterIPs[${index}]`, goStrings(clusterIPs), 'IPv6 is not configured on this cluster')]
      : [],
  )
}

function checkConfigured(families: readonly string[], policy: string): Problem[] {
  return [
    ...(policy === 'RequireDualStack'
      ? [invalid('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...families.flatMap((family, index) =>
      family === 'IPv6' ? [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')] : [],
    ),
  ]
}

function withBoth(families: readonly string[], policy: string): string[] {
  const [first = 'IPv4', second] = families
  if (second !== undefined || policy === 'SingleStack') return families.length > 0 ? [...families] : [first]
  return [first, first === 'IPv4' ? 'IPv6' : 'IPv4']
}
