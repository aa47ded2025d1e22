/** Which kinds of addresses a Service has, in a cluster that has IPv4 only. */
import type { KubeObject } from '../objects.ts'
import { invalid, invalidError } from '../schema/validation/problems.ts'

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
  const policy = spec.ipFamilyPolicy ?? old?.spec.ipFamilyPolicy
  if (spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0) {
    const families = policy === 'SingleStack' ? ['IPv4'] : ['IPv4', 'IPv6']
    return { ipFamilyPolicy: policy ?? 'RequireDualStack', ipFamilies: spec.ipFamilies ?? families }
  }
  const problems = [
    ...(policy === 'RequireDualStack'
      ? [invalid('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...((spec.ipFamilies ?? []) as string[]).flatMap((family, index) =>
      family === 'IPv6' ? [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')] : [],
    ),
  ]
  if (problems.length > 0) throw invalidError({ kind: 'Service', group: '' }, service.metadata.name, problems)
  return { ipFamilyPolicy: policy ?? 'SingleStack', ipFamilies: spec.ipFamilies ?? old?.spec.ipFamilies ?? ['IPv4'] }
}
