/** How `kubectl get pods` sums up a pod (printPod of pkg/printers/internalversion). */
import type { KubeObject } from '../../objects.ts'
import type { Column } from '../kind.ts'
import { age, column, nameColumn, since, wide } from './common.ts'

interface ContainerState {
  waiting?: { reason?: string }
  running?: object
  terminated?: { reason?: string; exitCode: number; signal?: number; finishedAt?: string }
}

interface ContainerStatus {
  name: string
  ready: boolean
  restartCount: number
  started?: boolean
  state: ContainerState
  lastState?: ContainerState
}

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

const statuses = (pod: KubeObject): ContainerStatus[] => pod.status?.containerStatuses ?? []
const initStatuses = (pod: KubeObject): ContainerStatus[] => pod.status?.initContainerStatuses ?? []

/** Init containers that keep running beside the others. */
const sidecars = (pod: KubeObject): Set<string> =>
  new Set(
    (pod.spec.initContainers ?? [])
      .filter(({ restartPolicy }: Part) => restartPolicy === 'Always')
      .map(({ name }: Part) => name),
  )

export const podColumns: readonly Column[] = [
  nameColumn,
  column('Ready', readyText, { description: 'The aggregate readiness state of this pod for accepting traffic.' }),
  column('Status', statusText, { description: 'The aggregate status of the containers in this pod.' }),
  column('Restarts', restartsText, {
    description:
      'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
  }),
  age,
  wide('IP', ({ status }) => status?.podIPs?.[0]?.ip ?? status?.podIP ?? '<none>'),
  wide('Node', ({ spec }) => spec.nodeName ?? '<none>'),
  wide('Nominated Node', ({ status }) => status?.nominatedNodeName ?? '<none>'),
  wide('Readiness Gates', gatesText),
]

const GATED = 'SchedulingGated'

function readyText(pod: KubeObject): string {
  const beside = sidecars(pod)
  const counted = [...initStatuses(pod).filter(({ name }) => beside.has(name)), ...statuses(pod)]
  const ready = counted.filter((status) => status.ready && status.state.running).length
  return `${ready}/${(pod.spec.containers ?? []).length + beside.size}`
}

function statusText(pod: KubeObject): string {
  const { metadata, status = {} } = pod
  const isGated = status.conditions?.some(({ reason }: Part) => reason === GATED)
  const init = initText(pod)
  const text = init ?? (isGated ? GATED : status.reason || status.phase)
  const phase = isInitializing(pod) ? text : containersText(pod, text)
  if (metadata.deletionTimestamp) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating'
  return phase
}

/** A sidecar may end once all others are at work. */
function isInitializing(pod: KubeObject): boolean {
  const conditions: Part[] = pod.status?.conditions ?? []
  const isInitialized = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True')
  return !isInitialized && initText(pod) !== undefined
}

/** While init containers run; undefined once they are through. */
function initText(pod: KubeObject): string | undefined {
  const beside = sidecars(pod)
  const total = (pod.spec.initContainers ?? []).length
  for (const [index, { name, state, started }] of initStatuses(pod).entries()) {
    if (state.terminated?.exitCode === 0) continue
    if (beside.has(name) && started) continue
    if (state.terminated) return `Init:${ended(state.terminated)}`
    const reason = state.waiting?.reason
    return reason && reason !== 'PodInitializing' ? `Init:${reason}` : `Init:${index}/${total}`
  }
  return undefined
}

function containersText(pod: KubeObject, phase: string): string {
  let text = phase
  let isRunning = false
  for (const { state, ready } of statuses(pod).toReversed()) {
    if (state.waiting?.reason) text = state.waiting.reason
    else if (state.terminated) text = ended(state.terminated)
    else if (ready && state.running) isRunning = true
  }
  if (text !== 'Completed' || !isRunning) return text
  const isReady = (pod.status?.conditions ?? []).some(({ type, status }: Part) => type === 'Ready' && status === 'True')
  return isReady ? 'Running' : 'NotReady'
}

function ended({ reason, signal, exitCode }: NonNullable<ContainerState['terminated']>): string {
  return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

function restartsText(pod: KubeObject, now: Date): string {
  const beside = sidecars(pod)
  const counted = isInitializing(pod)
    ? initStatuses(pod)
    : [...statuses(pod), ...initStatuses(pod).filter(({ name }) => beside.has(name))]
  const restarts = counted.reduce((sum, { restartCount }) => sum + restartCount, 0)
  const last = counted
    .flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? [])
    .sort()
    .at(-1)
  return restarts > 0 && last ? `${restarts} (${since(last, now)} ago)` : String(restarts)
}

function gatesText({ spec, status }: KubeObject): string {
  const gates: Part[] = spec.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const isTrue = (type: string) =>
    (status?.conditions ?? []).some((condition: Part) => condition.type === type && condition.status === 'True')
  return `${gates.filter(({ conditionType }) => isTrue(conditionType)).length}/${gates.length}`
}
