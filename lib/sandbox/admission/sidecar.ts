/** Sidecar injection: what istiod's webhook adds to a pod of the mesh (profile demo of Istio 1.21.2). */
import type { KubeObject, Labels } from '../objects.ts'
import type { Store } from '../store/store.ts'
import { rewriteProbes } from './probes.ts'
import { istioInit, istioProxy, sidecarVolumes } from './sidecar-containers.ts'
import { answering } from './webhooks.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

/**
 * The pod with its sidecar where Istio's webhook selects it and injection does not refuse it.
 * @throws InternalError where a webhook selects it and is not there to answer
 */
export function injectSidecar(pod: KubeObject, store: Store): KubeObject {
  const webhooks = answering('mutating', { operation: 'CREATE', group: '', plural: 'pods', object: pod }, store)
  if (!webhooks.some(({ clientConfig }) => clientConfig.service?.path === '/inject')) return pod
  return isWanted(pod) ? inject(pod) : pod
}

/** Istio's own say, after the webhook's selectors: never on the host's network, never twice. */
function isWanted({ metadata, spec }: KubeObject): boolean {
  const choice = metadata.labels?.['sidecar.istio.io/inject'] ?? metadata.annotations?.['sidecar.istio.io/inject']
  const hasProxy = spec.containers.some(({ name }: Part) => name === 'istio-proxy')
  return !spec.hostNetwork && choice !== 'false' && !hasProxy
}

function inject(pod: KubeObject): KubeObject {
  const workload = workloadOf(pod)
  const { containers, probers } = rewriteProbes(pod.spec.containers)
  const proxy = istioProxy(pod, workload)
  const env = [
    ...proxy.env,
    ...prometheusEnv(pod),
    ...(probers ? [{ name: 'ISTIO_KUBE_APP_PROBERS', value: probers }] : []),
  ]
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...pod.metadata.labels,
        'security.istio.io/tlsMode': 'istio',
        ...canonicalLabels(pod.metadata.labels ?? {}, workload.name),
      },
      annotations: { ...pod.metadata.annotations, ...injectedAnnotations(pod) },
    },
    spec: {
      ...pod.spec,
      volumes: [...sidecarVolumes, ...(pod.spec.volumes ?? [])],
      initContainers: [...(pod.spec.initContainers ?? []), withToken(istioInit(pod), pod)],
      containers: [...containers, withToken({ ...proxy, env }, pod)],
    },
  }
}

export interface Workload {
  /** Empty for a pod of nobody whose name is still to be made up. */
  name: string
  /** `kubernetes://apis/apps/v1/namespaces/default/deployments/details-v1` */
  owner: string
}

/** The Deployment behind a pod's ReplicaSet, or whoever owns it, or the pod itself. */
function workloadOf({ metadata }: KubeObject): Workload {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  const hash = metadata.labels?.['pod-template-hash']
  if (!owner)
    return { name: metadata.name, owner: `kubernetes://apis/v1/namespaces/${metadata.namespace}/pods/${metadata.name}` }
  const isDeployment = owner.kind === 'ReplicaSet' && hash && owner.name.endsWith(`-${hash}`)
  const name = isDeployment ? owner.name.slice(0, -`-${hash}`.length) : owner.name
  const plural = isDeployment ? 'deployments' : `${owner.kind.toLowerCase()}s`
  return { name, owner: `kubernetes://apis/${owner.apiVersion}/namespaces/${metadata.namespace}/${plural}/${name}` }
}

function canonicalLabels(labels: Labels, workload: string): Labels {
  const first = (...keys: string[]) => keys.map((key) => labels[key]).find((value) => value !== undefined)
  return {
    'service.istio.io/canonical-name':
      first('service.istio.io/canonical-name', 'app.kubernetes.io/name', 'app') ?? workload,
    'service.istio.io/canonical-revision':
      first('service.istio.io/canonical-revision', 'app.kubernetes.io/version', 'version') ?? 'latest',
  }
}

function injectedAnnotations({ spec, metadata }: KubeObject): Labels {
  const first = metadata.annotations?.['kubectl.kubernetes.io/default-container'] ?? spec.containers[0].name
  return {
    'istio.io/rev': 'default',
    'kubectl.kubernetes.io/default-container': first,
    'kubectl.kubernetes.io/default-logs-container': first,
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    'sidecar.istio.io/status': JSON.stringify({
      initContainers: ['istio-init'],
      containers: ['istio-proxy'],
      volumes: sidecarVolumes.map(({ name }) => name),
      imagePullSecrets: null,
      revision: 'default',
    }),
  }
}

/** The proxy answers Prometheus for the application, which it then asks itself. */
function prometheusEnv({ metadata }: KubeObject): Part[] {
  const asked = (key: string) => metadata.annotations?.[`prometheus.io/${key}`]
  if (asked('scrape') === undefined) return []
  const value = JSON.stringify({ scrape: asked('scrape'), path: asked('path') ?? '', port: asked('port') ?? '' })
  return [{ name: 'ISTIO_PROMETHEUS_ANNOTATIONS', value }]
}

/** The service account's token, as the pod's own containers have it. */
function withToken(container: Part, { spec }: KubeObject): Part {
  const mounts = spec.containers.flatMap(({ volumeMounts = [] }: Part) => volumeMounts)
  const token = mounts.find(({ name }: Part) => name.startsWith('kube-api-access-'))
  return token ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), token] } : container
}
