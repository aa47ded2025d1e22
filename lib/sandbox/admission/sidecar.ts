/** Sidecar injection: what istiod's webhook adds to a pod of the mesh (Istio 1.21.2). */
import type { KubeObject, Labels } from '../objects.ts'
import type { Store } from '../store/store.ts'
import { type InjectorValues, injectorValues } from './injector-values.ts'
import { isProxy, overlaid, overridesAnnotation } from './own-proxy.ts'
import { rewriteProbes } from './probes.ts'
import { templateOf } from './proxy-annotations.ts'
import { gatewayProxy, holdsApplication, istioInit, sidecarProxy, sidecarVolumes } from './sidecar-containers.ts'
import type { Webhook } from './webhooks.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

/**
 * The pod with its sidecar, or as a gateway, where Istio's webhook selects it and injection does not refuse it.
 * @param webhooks those that select the pod and answer
 * @throws StatusError 400 in the webhook's words where the pod asks for a template that is not there
 */
export function injectSidecar(pod: KubeObject, webhooks: readonly Webhook[], store: Store): KubeObject {
  const webhook = webhooks.find(({ clientConfig }) => clientConfig.service?.path === '/inject')
  return webhook && isWanted(pod)
    ? inject(pod, templates[templateOf(pod, webhook.name)], injectorValues(webhook, store))
    : pod
}

/** Istio's own say, after the webhook's selectors: never on the host's network; and there must be something to join. */
function isWanted({ metadata, spec }: KubeObject): boolean {
  const choice = metadata.labels?.['sidecar.istio.io/inject'] ?? metadata.annotations?.['sidecar.istio.io/inject']
  const isChosen = !choice || yes.includes(choice.toLowerCase())
  return !spec.hostNetwork && isChosen && spec.containers?.length > 0
}

/** Anything else that is said means no. */
const yes: readonly string[] = ['y', 'yes', 'true', 'on']

/** What is different between the templates. */
interface Template {
  proxy: (pod: KubeObject, workload: Workload, values: InjectorValues) => Part
  labels: Labels
  initContainers: (pod: KubeObject, values: InjectorValues) => Part[]
  /** The application's container that kubectl means by default. */
  defaultContainer: (applications: readonly Part[]) => string | undefined
  podSecurityContext: Part
}

const templates: Readonly<Record<ReturnType<typeof templateOf>, Template>> = {
  sidecar: {
    proxy: sidecarProxy,
    labels: { 'security.istio.io/tlsMode': 'istio' },
    initContainers: (pod, values) => [withToken(istioInit(pod, values), pod)],
    defaultContainer: ([first]) => first?.name,
    podSecurityContext: {},
  },
  gateway: {
    proxy: gatewayProxy,
    labels: {},
    initContainers: () => [],
    defaultContainer: ([first, ...more]) => (more.length > 0 ? undefined : first?.name),
    podSecurityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
  },
}

function inject(pod: KubeObject, template: Template, values: InjectorValues): KubeObject {
  const { metadata, spec } = pod
  const workload = workloadOf(pod)
  const own = spec.containers.find(isProxy)
  const applications: Part[] = spec.containers.filter((container: Part) => !isProxy(container))
  const isRewritten = metadata.annotations?.['sidecar.istio.io/rewriteAppHTTPProbers'] !== 'false'
  const { containers, probers } = isRewritten
    ? rewriteProbes(applications)
    : { containers: applications, probers: undefined }
  const injected = overlaid(template.proxy(pod, workload, values), own)
  const env = [
    ...injected.env,
    ...prometheusEnv(pod),
    ...(probers ? [{ name: 'ISTIO_KUBE_APP_PROBERS', value: probers }] : []),
  ]
  const proxy = withToken({ ...injected, env }, pod)
  const initContainers = template.initContainers(pod, values)
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...template.labels, ...canonicalLabels(metadata.labels ?? {}, workload.name) },
      annotations: {
        ...metadata.annotations,
        ...defaultContainer(metadata.annotations ?? {}, template.defaultContainer(applications)),
        ...overridesAnnotation(own),
        ...injectedAnnotations(initContainers, values.revision || 'default'),
      },
    },
    spec: {
      ...spec,
      securityContext: { ...template.podSecurityContext, ...spec.securityContext },
      volumes: [...sidecarVolumes, ...(spec.volumes ?? [])],
      ...(initContainers.length > 0 ? { initContainers: [...(spec.initContainers ?? []), ...initContainers] } : {}),
      containers: holdsApplication(pod) ? [proxy, ...containers] : [...containers, proxy],
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

function defaultContainer(annotations: Labels, name: string | undefined): Labels {
  const chosen = annotations['kubectl.kubernetes.io/default-container'] ?? name
  if (chosen === undefined) return {}
  return {
    'kubectl.kubernetes.io/default-container': chosen,
    'kubectl.kubernetes.io/default-logs-container': chosen,
  }
}

function injectedAnnotations(initContainers: readonly Part[], revision: string): Labels {
  return {
    'istio.io/rev': revision,
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    'sidecar.istio.io/status': JSON.stringify({
      initContainers: initContainers.length > 0 ? initContainers.map(({ name }) => name) : null,
      containers: ['istio-proxy'],
      volumes: sidecarVolumes.map(({ name }) => name),
      imagePullSecrets: null,
      revision,
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
  const has = (container.volumeMounts ?? []).some(({ name }: Part) => name === token?.name)
  return token && !has ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), token] } : container
}
