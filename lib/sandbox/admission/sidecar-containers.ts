/** The two containers and the volumes of the sidecar, field by field as Istio 1.21.2 injects them. */
import type { KubeObject, Labels } from '../objects.ts'
import type { Workload } from './sidecar.ts'

// biome-ignore lint/suspicious/noExplicitAny: a container is known by the schema
type Part = any

const image = 'docker.io/istio/proxyv2:1.21.2'
const common = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
}

export const sidecarVolumes: readonly { name: string; [source: string]: Part }[] = [
  { name: 'workload-socket', emptyDir: {} },
  { name: 'credential-socket', emptyDir: {} },
  { name: 'workload-certs', emptyDir: {} },
  { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
  { name: 'istio-data', emptyDir: {} },
  {
    name: 'istio-podinfo',
    downwardAPI: {
      items: ['labels', 'annotations'].map((path) => ({
        path,
        fieldRef: { apiVersion: 'v1', fieldPath: `metadata.${path}` },
      })),
      defaultMode: 420,
    },
  },
  {
    name: 'istio-token',
    projected: {
      sources: [{ serviceAccountToken: { audience: 'istio-ca', expirationSeconds: 43200, path: 'istio-token' } }],
      defaultMode: 420,
    },
  },
  { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert', defaultMode: 420 } },
]

/** Redirects the pod's traffic to the proxy. */
export function istioInit({ metadata }: KubeObject): Part {
  return {
    name: 'istio-init',
    image,
    args: [
      'istio-iptables',
      ...['-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*'],
      ...['-d', '15090,15021,15020', '--log_output_level=default:info'],
    ],
    resources: resources(metadata.annotations ?? {}),
    ...common,
    securityContext: {
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      privileged: false,
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      readOnlyRootFilesystem: false,
      allowPrivilegeEscalation: false,
    },
  }
}

export function istioProxy({ metadata, spec }: KubeObject, workload: Workload): Part {
  return {
    name: 'istio-proxy',
    image,
    args: [
      ...['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc.cluster.local', '--proxyLogLevel=warning'],
      ...['--proxyComponentLogLevel=misc:error', '--log_output_level=default:info'],
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    env: proxyEnv(spec.containers, workload),
    resources: resources(metadata.annotations ?? {}),
    volumeMounts: Object.entries(mounts).map(([name, mountPath]) => ({ name, mountPath })),
    readinessProbe: probe(15, 4),
    startupProbe: probe(1, 600),
    ...common,
    securityContext: {
      capabilities: { drop: ['ALL'] },
      privileged: false,
      runAsUser: 1337,
      runAsGroup: 1337,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    },
  }
}

const mounts: Labels = {
  'workload-socket': '/var/run/secrets/workload-spiffe-uds',
  'credential-socket': '/var/run/secrets/credential-uds',
  'workload-certs': '/var/run/secrets/workload-spiffe-credentials',
  'istiod-ca-cert': '/var/run/secrets/istio',
  'istio-data': '/var/lib/istio/data',
  'istio-envoy': '/etc/istio/proxy',
  'istio-token': '/var/run/secrets/tokens',
  'istio-podinfo': '/etc/istio/pod',
}

function probe(periodSeconds: number, failureThreshold: number): Part {
  return {
    httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
    timeoutSeconds: 3,
    periodSeconds,
    successThreshold: 1,
    failureThreshold,
  }
}

function proxyEnv(containers: readonly Part[], workload: Workload): Part[] {
  const ports = containers.flatMap(({ ports = [] }) => ports).map(portText)
  return [
    { name: 'JWT_POLICY', value: 'third-party-jwt' },
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
    field('POD_NAME', 'metadata.name'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    field('INSTANCE_IP', 'status.podIP'),
    field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    field('HOST_IP', 'status.hostIP'),
    resource('ISTIO_CPU_LIMIT', 'limits.cpu'),
    { name: 'PROXY_CONFIG', value: '{}\n' },
    {
      name: 'ISTIO_META_POD_PORTS',
      value: `[\n${ports.map((port, index) => `    ${index > 0 ? ',' : ''}${port}\n`).join('')}]`,
    },
    { name: 'ISTIO_META_APP_CONTAINERS', value: containers.map(({ name }) => name).join(',') },
    resource('GOMEMLIMIT', 'limits.memory'),
    resource('GOMAXPROCS', 'limits.cpu'),
    { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
    field('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
    ...(workload.name
      ? [
          { name: 'ISTIO_META_WORKLOAD_NAME', value: workload.name },
          { name: 'ISTIO_META_OWNER', value: workload.owner },
        ]
      : []),
    { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
    { name: 'TRUST_DOMAIN', value: 'cluster.local' },
  ]
}

function portText({ name, hostPort, containerPort, protocol }: Part): string {
  return JSON.stringify({ ...(name ? { name } : {}), ...(hostPort ? { hostPort } : {}), containerPort, protocol })
}

function field(name: string, fieldPath: string): Part {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } }
}

function resource(name: string, quantity: string): Part {
  return { name, valueFrom: { resourceFieldRef: { resource: quantity, divisor: '0' } } }
}

/** Annotations choose the sidecar's resources; any of them replaces all that the profile sets. */
function resources(annotations: Labels): Part {
  const asked = (suffix: string, name: string) => {
    const value = annotations[`sidecar.istio.io/proxy${suffix}`]
    return value === undefined ? {} : { [name]: value }
  }
  const requests = { ...asked('CPU', 'cpu'), ...asked('Memory', 'memory') }
  const limits = { ...asked('CPULimit', 'cpu'), ...asked('MemoryLimit', 'memory') }
  if (Object.keys({ ...requests, ...limits }).length === 0)
    return { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m', memory: '40Mi' } }
  return {
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(Object.keys(requests).length > 0 ? { requests } : {}),
  }
}
