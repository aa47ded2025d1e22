/** What the API server adds to a new pod: its service account's token, priority, tolerations, quality of service. */
import { randomSuffix } from '../names.ts'
import type { KubeObject } from '../objects.ts'
import { qosClass } from '../schema/validation/quality-of-service.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const tokenFolder = '/var/run/secrets/kubernetes.io/serviceaccount'
/** A node that is lost is waited for: --default-not-ready-toleration-seconds. */
const LOST_NODE_SECONDS = 300

/**
 * @throws Forbidden when the pod's service account or priority class is not there
 */
export function completePod(pod: KubeObject, store: Store): KubeObject {
  return [withServiceAccount, withPriority, withTolerations, withRuntimeClass, withHostPorts].reduce(
    (current, complete) => complete(current, store),
    pod,
  )
}

/** A pod's first status; its class follows from what its containers ask for. */
export function initialStatus(pod: KubeObject): KubeObject {
  const isGated = pod.spec.schedulingGates?.length > 0
  return {
    ...pod,
    status: { phase: 'Pending', ...(isGated ? { conditions: [gated] } : {}), qosClass: qosClass(pod) },
  }
}

const gated = {
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  lastTransitionTime: null,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
}

function withServiceAccount(pod: KubeObject, store: Store): KubeObject {
  const { namespace } = pod.metadata
  const name = pod.spec.serviceAccountName ?? 'default'
  const account = store.get('serviceaccounts', name, namespace)
  if (!account)
    throw forbidden(pod, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`)
  const secrets = pod.spec.imagePullSecrets?.length ? undefined : account.imagePullSecrets
  const spec = {
    ...pod.spec,
    serviceAccountName: name,
    serviceAccount: name,
    ...(secrets?.length ? { imagePullSecrets: secrets } : {}),
  }
  const wantsToken = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true
  const all = [...(spec.initContainers ?? []), ...spec.containers] as Part[]
  const isMounted = ({ volumeMounts = [] }: Part) =>
    volumeMounts.some(({ mountPath }: Part) => mountPath === tokenFolder)
  if (!wantsToken || all.every(isMounted)) return { ...pod, spec }
  const volume = `kube-api-access-${randomSuffix()}`
  const mounted = (container: Part) =>
    isMounted(container)
      ? container
      : {
          ...container,
          volumeMounts: [...(container.volumeMounts ?? []), { name: volume, readOnly: true, mountPath: tokenFolder }],
        }
  return {
    ...pod,
    spec: {
      ...spec,
      volumes: [...(spec.volumes ?? []), tokenVolume(volume)],
      ...(spec.initContainers ? { initContainers: spec.initContainers.map(mounted) } : {}),
      containers: spec.containers.map(mounted),
    },
  }
}

function tokenVolume(name: string): Part {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  }
}

function withPriority(pod: KubeObject, store: Store): KubeObject {
  const { priorityClassName } = pod.spec
  const found = priorityClassName ? store.get('priorityclasses.scheduling.k8s.io', priorityClassName) : undefined
  if (priorityClassName && !found) throw forbidden(pod, `no PriorityClass with name ${priorityClassName} was found`)
  const priority: number = found ? found.value : 0
  const preemptionPolicy: string = found?.preemptionPolicy ?? 'PreemptLowerPriority'
  const said = pod.spec
  const computed = 'must not be provided in pod spec; priority admission controller computed'
  const source = 'from the given PriorityClass name'
  if (said.priority !== undefined && said.priority !== priority)
    throw forbidden(pod, `the integer value of priority (${said.priority}) ${computed} ${priority} ${source}`)
  if (said.preemptionPolicy !== undefined && said.preemptionPolicy !== preemptionPolicy)
    throw forbidden(
      pod,
      `the string value of PreemptionPolicy (${said.preemptionPolicy}) ${computed} ${preemptionPolicy} ${source}`,
    )
  return { ...pod, spec: { ...pod.spec, priority, preemptionPolicy } }
}

/** What a pod's runtime takes for itself, its class says. */
function withRuntimeClass(pod: KubeObject, store: Store): KubeObject {
  const { runtimeClassName: name, overhead } = pod.spec
  const found = name ? store.get('runtimeclasses.node.k8s.io', name) : undefined
  if (name && !found) throw forbidden(pod, `pod rejected: RuntimeClass "${name}" not found`)
  const fixed = found?.overhead?.podFixed
  if (overhead && !fixed)
    throw forbidden(pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
  return fixed ? { ...pod, spec: { ...pod.spec, overhead: fixed } } : pod
}

export function withTolerations(pod: KubeObject): KubeObject {
  const tolerations: Part[] = pod.spec.tolerations ?? []
  const missing = ['not-ready', 'unreachable']
    .map((taint) => `node.kubernetes.io/${taint}`)
    .filter(
      (taint) => !tolerations.some(({ key, effect }) => (!key || key === taint) && (!effect || effect === 'NoExecute')),
    )
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: LOST_NODE_SECONDS }))
  return { ...pod, spec: { ...pod.spec, tolerations: [...tolerations, ...missing] } }
}

/** On the host's network each port of a container is one of the host. */
function withHostPorts(pod: KubeObject): KubeObject {
  if (!pod.spec.hostNetwork) return pod
  const exposed = (container: Part) =>
    container.ports
      ? {
          ...container,
          ports: container.ports.map((port: Part) => ({ ...port, hostPort: port.hostPort ?? port.containerPort })),
        }
      : container
  return { ...pod, spec: { ...pod.spec, containers: pod.spec.containers.map(exposed) } }
}

/** A pod whose name is still to be made up goes by the beginning of it. */
function forbidden({ metadata }: KubeObject, why: string): StatusError {
  const name = metadata.name || (metadata.generateName ?? '')
  return new StatusError(403, 'Forbidden', `pods "${name}" is forbidden: ${why}`, { name, kind: 'pods' })
}
