/** VirtualServices by themselves and among each other: gateways, hosts that two claim, rules that never apply. */
import { warnOfUnreachable } from '../../admission/istio/unreachable.ts'
import { fullHost } from '../../mesh/hosts.ts'
import type { KubeObject } from '../../objects.ts'
import { about, type Finding, type Mesh, type Part, path } from './finding.ts'
import { hostsMatch } from './gateways.ts'

export function analyzeVirtualService(service: KubeObject, mesh: Mesh): Finding[] {
  return [...analyzeGateways(service, mesh), ...sharedHosts(service, mesh), ...unreachable(service)]
}

function analyzeGateways(service: KubeObject, { gateways }: Mesh): Finding[] {
  const find = about(service)
  const { namespace = '' } = service.metadata
  const { hosts = [] } = service.spec
  const named: string[] = (service.spec.gateways ?? []).filter((name: string) => name !== 'mesh')
  return named.flatMap((name) => {
    const full = name.includes('/') ? name : `${namespace}/${name}`
    const gateway = gateways.find((candidate) => path(candidate) === full)
    const lost = gateway ? [] : [find('Error', 'IST0101', `Referenced gateway not found: "${name}"`)]
    const served = gateway ? servedHosts(gateway, namespace) : []
    if (hosts.some((host: string) => served.some((other) => hostsMatch(other, host)))) return lost
    const text = `one or more host [${hosts.join(' ')}] defined in VirtualService ${path(service)} not found in Gateway ${full}.`
    return [...lost, find('Warning', 'IST0132', text)]
  })
}

/** The hosts of a gateway that VirtualServices of this namespace may claim: `NAMESPACE/HOST`, `./HOST`, `* /HOST`, `HOST`. */
function servedHosts({ metadata, spec }: KubeObject, namespace: string): string[] {
  const hosts: string[] = (spec.servers ?? []).flatMap((server: Part) => server.hosts ?? [])
  return hosts.flatMap((text) => {
    const [scope, host] = text.includes('/') ? text.split('/', 2) : ['*', text]
    const isOpen = scope === '*' || (scope === '.' ? metadata.namespace : scope) === namespace
    return isOpen ? [host as string] : []
  })
}

function isOfMesh({ spec }: KubeObject): boolean {
  return !spec.gateways?.length || spec.gateways.includes('mesh')
}

/** Two rules of the mesh for one host: only one of them will hold. */
function sharedHosts(service: KubeObject, { virtualServices }: Mesh): Finding[] {
  if (!isOfMesh(service)) return []
  const hostsOf = ({ metadata, spec }: KubeObject): string[] =>
    (spec.hosts ?? []).map((host: string) => fullHost(host, metadata.namespace as string))
  for (const host of hostsOf(service)) {
    const claimants = virtualServices.filter((other) => isOfMesh(other) && hostsOf(other).includes(host))
    if (claimants.length > 1)
      return [
        about(service)(
          'Error',
          'IST0109',
          `The VirtualServices ${claimants.map(path).join(',')} associated with mesh gateway define the same host */${host} which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource.`,
        ),
      ]
  }
  return []
}

/** What istiod warns of when such a VirtualService is applied. */
function unreachable(service: KubeObject): Finding[] {
  const find = about(service)
  const findings: Finding[] = []
  warnOfUnreachable(service.spec.http ?? [], {
    warn: (...texts) => {
      for (const text of texts.filter((warning) => warning !== undefined)) {
        const words = `${text.replace(/^virtualService/, 'VirtualService')}.`
        const isOneMatch = words.includes(' match #') || words.includes(' match "')
        findings.push(isOneMatch ? find('Info', 'IST0131', words) : find('Warning', 'IST0130', words))
      }
    },
  })
  return findings
}
