/** The containers and volumes of a proxy, field by field as Istio 1.21.2 injects them. */
import type { KubeObject, Labels } from '../objects.ts'
import { sortedJson } from '../schema/sorted-json.ts'
import type { InjectorValues } from './injector-values.ts'
import { proxyConfigOf } from './proxy-annotations.ts'
import type { Workload } from './sidecar.ts'

// biome-ignore lint/suspicious/noExplicitAny: a container is known by the schema
type Part = any

const common = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
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
export function istioInit({ metadata: { annotations = {} } }: KubeObject, values: InjectorValues): Part {
  const { traffic, imagePullPolicy } = values
  const usual: Labels = traffic
  const asked = (name: string) => annotations[`traffic.sidecar.istio.io/${name}`]
  const flags = Object.entries(optionalFlags).flatMap(([flag, name]) => {
    const value = asked(name) ?? (usual[name] || undefined)
    return value === undefined ? [] : [flag, value]
  })
  const notInbound = ['15090', '15021', asked('excludeInboundPorts') ?? traffic.excludeInboundPorts, '15020'].filter(
    (port) => port !== '',
  )
  return {
    name: 'istio-init',
    image: imageOf(annotations, values),
    args: [
      ...['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT'],
      ...['-i', asked('includeOutboundIPRanges') ?? traffic.includeIPRanges],
      ...['-x', asked('excludeOutboundIPRanges') ?? traffic.excludeIPRanges],
      ...['-b', asked('includeInboundPorts') ?? traffic.includeInboundPorts, '-d', notInbound.join(), ...flags],
      logLevels(annotations, values).agent,
    ],
    resources: resources(annotations, values),
    ...common,
    imagePullPolicy,
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

/** Arguments that are there only where an annotation or the installation asks for them. */
const optionalFlags: Readonly<Record<string, string>> = {
  '-q': 'includeOutboundPorts',
  '-o': 'excludeOutboundPorts',
  '-k': 'kubevirtInterfaces',
  '-c': 'excludeInterfaces',
}

/** The proxy beside an application. */
export function sidecarProxy(pod: KubeObject, workload: Workload, values: InjectorValues): Part {
  const { annotations = {} } = pod.metadata
  const readiness = (name: string) => annotations[`readiness.status.sidecar.istio.io/${name}`]
  const usual = values.readiness
  const delay = Number(readiness('initialDelaySeconds') ?? usual.initialDelaySeconds)
  const ready = probe(
    Number(readiness('periodSeconds') ?? usual.periodSeconds),
    Number(readiness('failureThreshold') ?? usual.failureThreshold),
  )
  return {
    ...proxy('sidecar', pod, workload, values),
    image: imageOf(annotations, values),
    resources: resources(annotations, values),
    readinessProbe: delay > 0 ? { initialDelaySeconds: delay, ...ready } : ready,
    startupProbe: probe(1, values.startupFailureThreshold),
    ...(holdsApplication(pod) ? { lifecycle: { postStart: { exec: { command: ['pilot-agent', 'wait'] } } } } : {}),
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

/** The proxy that is all there is in a gateway's pod. */
export function gatewayProxy(pod: KubeObject, workload: Workload, values: InjectorValues): Part {
  return {
    ...proxy('router', pod, workload, values),
    image: values.image,
    resources: {},
    readinessProbe: probe(15, 4),
    securityContext: { runAsUser: 1337, runAsGroup: 1337 },
  }
}

/** Whether a pod's own containers are to be started after its proxy. */
export function holdsApplication(pod: KubeObject): boolean {
  return proxyConfigOf(pod).holdApplicationUntilProxyStarts === true
}

function proxy(role: 'sidecar' | 'router', pod: KubeObject, workload: Workload, values: InjectorValues): Part {
  const levels = logLevels(pod.metadata.annotations ?? {}, values)
  return {
    name: 'istio-proxy',
    args: [
      'proxy',
      role,
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      levels.proxy,
      levels.component,
      levels.agent,
    ],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    env: proxyEnv(role, pod, workload, values.revision),
    volumeMounts: Object.entries(mounts).map(([name, mountPath]) => ({ name, mountPath })),
    ...common,
    imagePullPolicy: values.imagePullPolicy,
  }
}

function logLevels(annotations: Labels, { logLevel, componentLogLevel, agentLogLevel }: InjectorValues) {
  const asked = (name: string, usual: string) => annotations[`sidecar.istio.io/${name}`] ?? usual
  return {
    proxy: `--proxyLogLevel=${asked('logLevel', logLevel)}`,
    component: `--proxyComponentLogLevel=${asked('componentLogLevel', componentLogLevel)}`,
    agent: `--log_output_level=${asked('agentLogLevel', agentLogLevel)}`,
  }
}

/** A name without a registry or folder changes nothing. */
function imageOf(annotations: Labels, { image }: InjectorValues): string {
  const asked = annotations['sidecar.istio.io/proxyImage'] ?? ''
  return asked.includes('/') ? asked : image
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

function proxyEnv(role: 'sidecar' | 'router', pod: KubeObject, workload: Workload, revision: string): Part[] {
  const containers: readonly Part[] = pod.spec.containers
  const ports = containers.flatMap(({ ports = [] }) => ports).map(portText)
  const applications = containers.filter((container) => container.name !== 'istio-proxy').map(({ name }) => name)
  const names = {
    name: 'ISTIO_META_APP_CONTAINERS',
    ...(applications.length > 0 ? { value: applications.join() } : {}),
  }
  const istiod = `istiod${revision && `-${revision}`}.istio-system.svc:15012`
  const config = { ...(revision ? { discoveryAddress: istiod } : {}), ...proxyConfigOf(pod) }
  const limits = [resource('GOMEMLIMIT', 'limits.memory'), resource('GOMAXPROCS', 'limits.cpu')]
  return [
    { name: 'JWT_POLICY', value: 'third-party-jwt' },
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: istiod },
    field('POD_NAME', 'metadata.name'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    field('INSTANCE_IP', 'status.podIP'),
    field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    field('HOST_IP', 'status.hostIP'),
    resource('ISTIO_CPU_LIMIT', 'limits.cpu'),
    { name: 'PROXY_CONFIG', value: `${sortedJson(config)}\n` },
    {
      name: 'ISTIO_META_POD_PORTS',
      value: `[\n${ports.map((port, index) => `    ${index > 0 ? ',' : ''}${port}\n`).join('')}]`,
    },
    ...(role === 'router' ? [...limits, names] : [names, ...limits]),
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

/** Annotations choose the sidecar's resources; any of them replaces all that the installation sets. */
function resources(annotations: Labels, values: InjectorValues): Part {
  const asked = (suffix: string, name: string) => {
    const value = annotations[`sidecar.istio.io/proxy${suffix}`]
    return value === undefined ? {} : { [name]: value }
  }
  const requests = { ...asked('CPU', 'cpu'), ...asked('Memory', 'memory') }
  const limits = { ...asked('CPULimit', 'cpu'), ...asked('MemoryLimit', 'memory') }
  if (Object.keys({ ...requests, ...limits }).length === 0) return values.resources
  return {
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
    ...(Object.keys(requests).length > 0 ? { requests } : {}),
  }
}
