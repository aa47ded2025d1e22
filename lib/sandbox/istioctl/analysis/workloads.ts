/** Namespaces, pods and Services: what keeps them out of the mesh, or its proxies from knowing a protocol. */
import { wellKnownPorts } from '../../mesh/protocols.ts'
import type { KubeObject } from '../../objects.ts'
import { about, type Finding, type Mesh, type Part, path } from './finding.ts'

export const systemNamespaces: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
  'istio-system',
]

export function analyzeNamespace(namespace: KubeObject): Finding[] {
  const { name, labels = {} } = namespace.metadata
  const find = about(namespace)
  const injection = labels['istio-injection']
  const revision = labels['istio.io/rev']
  if (injection === 'enabled' && revision !== undefined)
    return [
      find(
        'Warning',
        'IST0123',
        `The namespace has more than one injection label [istio-injection=${injection} istio.io/rev=${revision}], which may lead to undefined behavior. Make sure only one injection label exists.`,
      ),
    ]
  if (injection || revision !== undefined) return []
  const text = `The namespace is not enabled for Istio injection. Run 'kubectl label namespace ${name} istio-injection=enabled' to enable it, or 'kubectl label namespace ${name} istio-injection=disabled' to explicitly mark it as not needing injection.`
  return [find('Info', 'IST0102', text)]
}

const INJECT = 'sidecar.istio.io/inject'

export function analyzePod(pod: KubeObject, { namespaces }: Mesh): Finding[] {
  const { namespace, labels = {}, annotations = {} } = pod.metadata
  const find = about(pod)
  const home = namespaces.find(({ metadata }) => metadata.name === namespace)
  const isWanted = home?.metadata.labels?.['istio-injection'] === 'enabled'
  const isRefused = (labels[INJECT] ?? annotations[INJECT])?.toLowerCase() === 'false' || pod.spec.hostNetwork
  const hasProxy = pod.spec.containers.some(({ name }: Part) => name === 'istio-proxy')
  const missing = `The pod ${path(pod)} is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.`
  const old = `Annotation "${INJECT}" has been deprecated in favor of the "${INJECT}" label and may not work in future Istio versions.`
  return [
    ...(isWanted && !isRefused && !hasProxy ? [find('Warning', 'IST0103', missing)] : []),
    ...(INJECT in annotations ? [find('Info', 'IST0135', old)] : []),
  ]
}

const protocols: readonly string[] = [
  'tcp',
  'udp',
  'grpc',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
  'hbone',
]
export function analyzeService(service: KubeObject): Finding[] {
  const { labels = {} } = service.metadata
  if ('istio' in labels || labels.release === 'istio') return []
  const ports: Part[] = service.spec.ports ?? []
  return ports
    .filter((port) => !hasProtocol(port))
    .map(({ name = '', port, targetPort = port }) =>
      about(service)(
        'Info',
        'IST0118',
        `Port name ${name} (port: ${port}, targetPort: ${targetPort}) doesn't follow the naming convention of Istio port.`,
      ),
    )
}

function hasProtocol({ name = '', port, protocol, appProtocol = name }: Part): boolean {
  const [prefix = ''] = appProtocol.split('-')
  return protocol === 'UDP' || protocols.includes(prefix.toLowerCase()) || wellKnownPorts.includes(port)
}

export function analyzeDestinationRule(rule: KubeObject): Finding[] {
  const { host, trafficPolicy = {} } = rule.spec
  const unverified = ({ tls }: Part) => ['SIMPLE', 'MUTUAL'].includes(tls?.mode) && !tls.caCertificates
  const text = ({ tls }: Part) =>
    `DestinationRule ${path(rule)} in namespace ${rule.metadata.namespace} has TLS mode set to ${tls.mode} but no caCertificates are set to validate server identity for host: ${host}`
  const ports: Part[] = trafficPolicy.portLevelSettings ?? []
  const find = about(rule)
  return [
    ...(unverified(trafficPolicy) ? [find('Warning', 'IST0128', text(trafficPolicy))] : []),
    ...ports
      .filter(unverified)
      .map((setting) => find('Warning', 'IST0129', `${text(setting)} at port number:${setting.port?.number}`)),
  ]
}
