/** The statuses that a pod goes through, as the kubelet reports them: pure functions from one to the next. */
import { randomBytes } from 'node:crypto'
import { timestamp } from '../../store/store.ts'
import { type Condition, condition, setInPlace } from '../conditions.ts'
import { fullName, imageId, parseImage } from './images.ts'
import type { Container, ContainerState, ContainerStatus, Pod, PodStatus } from './pod.ts'
import { stopCodeOf } from './programs.ts'

type Flag = 'True' | 'False'

export function podCondition(
  type: string,
  status: Flag,
  now: Date,
  why?: { reason: string; message?: string },
): Condition {
  return { type, status, lastProbeTime: null, lastTransitionTime: timestamp(now), ...why }
}

/** The kubelet has seen the pod: nothing runs yet. */
export function accepted(pod: Pod, hostIP: string, now: Date): PodStatus {
  const init = initContainers(pod)
  const waiting: ContainerState = {
    waiting: { reason: init.length > 0 ? 'PodInitializing' : 'ContainerCreating' },
  }
  const status: PodStatus = {
    ...pod.status,
    phase: 'Pending',
    hostIP,
    hostIPs: [{ ip: hostIP }],
    // A pod on the host's network has the host's address from the beginning.
    ...(pod.spec.hostNetwork ? { podIP: hostIP, podIPs: [{ ip: hostIP }] } : {}),
    startTime: timestamp(now),
    ...(init.length > 0 ? { initContainerStatuses: init.map((container) => created(container, waiting)) } : {}),
    containerStatuses: byName(containers(pod).map((container) => created(container, waiting))),
  }
  return withConditions(status, pod, now, false)
}

/** The sandbox of the pod is there: it has its address. */
export function networked(pod: Pod, podIP: string): PodStatus {
  return { ...pod.status, podIP, podIPs: [{ ip: podIP }] }
}

/** Changes the status of one container, and what follows from it for the pod. */
export function withContainer(pod: Pod, name: string, change: Partial<ContainerStatus>, now: Date): PodStatus {
  const apply = (statuses: ContainerStatus[] = []) =>
    statuses.map((status) => (status.name === name ? { ...status, ...change } : status))
  const { initContainerStatuses, containerStatuses } = pod.status
  const status: PodStatus = {
    ...pod.status,
    ...(initContainerStatuses ? { initContainerStatuses: apply(initContainerStatuses) } : {}),
    containerStatuses: apply(containerStatuses),
  }
  const phase = phaseOf(pod, status)
  return withConditions({ ...(ends[phase] ? withoutSidecars(pod, status, now) : status), phase }, pod, now, true)
}

/** Sidecars end with what they are beside. */
function withoutSidecars(pod: Pod, status: PodStatus, now: Date): PodStatus {
  const { initContainerStatuses } = status
  if (!initContainerStatuses) return status
  return { ...status, initContainerStatuses: initContainerStatuses.map((one) => stoppedContainer(pod, one, now)) }
}

/** Waiting for what it lacks, or for its next try. */
export function waitingContainer(former: ContainerStatus, reason: string, message: string): Partial<ContainerStatus> {
  return { state: { waiting: { reason, message } }, lastState: lastStateOf(former), ready: false, started: false }
}

/** What is told of those that ran before a container that is started now. */
export function formerRuns(former: ContainerStatus): Partial<ContainerStatus> {
  if (former.containerID === undefined) return {}
  return { lastState: lastStateOf(former), restartCount: former.restartCount + 1 }
}

function lastStateOf({ state: { terminated }, lastState }: ContainerStatus): ContainerState {
  return terminated ? { terminated } : lastState
}

export function runningContainer(container: Container, now: Date): Partial<ContainerStatus> {
  return {
    ...imageOf(container),
    state: { running: { startedAt: timestamp(now) } },
    containerID: containerId(),
    // With nothing to be asked for, who runs has started, and is ready.
    started: !container.startupProbe,
    ready: !container.readinessProbe && !container.startupProbe,
  }
}

export function endedContainer(container: Container, exitCode: number, now: Date): Partial<ContainerStatus> {
  const containerID = containerId()
  const at = timestamp(now)
  return {
    ...imageOf(container),
    state: { terminated: { exitCode, reason: reasonOf(exitCode), startedAt: at, finishedAt: at, containerID } },
    containerID,
    started: false,
  }
}

function reasonOf(exitCode: number): string {
  return exitCode === 0 ? 'Completed' : 'Error'
}

/** It has ended: as it was asked to, or with an exit code of its own. */
export function stoppedContainer(pod: Pod, status: ContainerStatus, now: Date, code?: number): ContainerStatus {
  const { name, image, state, containerID = '' } = status
  if (!state.running) return status
  const { startedAt } = state.running
  const container = [...initContainers(pod), ...containers(pod)].find((one) => one.name === name)
  // What runs is of the image that it was started with.
  const exitCode = code ?? stopCodeOf({ ...container, name, image })
  const terminated = { exitCode, reason: reasonOf(exitCode), startedAt, finishedAt: timestamp(now), containerID }
  return { ...status, state: { terminated }, ready: false, started: false }
}

/** It ran for longer than it may. */
export function expired(pod: Pod, now: Date): PodStatus {
  return { ...ended(pod, now, 'Failed'), ...EXPIRED }
}

export const EXPIRED = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
}

/** What it left to be read of its end. */
export function withLastWords<Status extends Partial<ContainerStatus>>(
  status: Status,
  message: string | undefined,
): Status {
  const terminated = status.state?.terminated
  if (!message || !terminated) return status
  return { ...status, state: { terminated: { ...terminated, message } } }
}

/** The kubelet does not take it: nothing of it was begun. */
export function rejected(
  { status }: Pod,
  { reason, message }: { reason: string; message: string },
  now: Date,
): PodStatus {
  return { ...status, phase: 'Failed', reason, message: `Pod was rejected: ${message}`, startTime: timestamp(now) }
}

/** All that ran was asked to end, and has: the pod's sandbox is gone with it. verdict: where its end is not what tells */
export function ended(pod: Pod, now: Date, verdict?: 'Failed'): PodStatus {
  const endOf = (status: ContainerStatus) => stoppedContainer(pod, status, now)
  const { conditions = [], initContainerStatuses, containerStatuses = [] } = pod.status
  const last = containerStatuses.map(endOf)
  const phase = verdict ?? (last.every(({ state }) => state.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed')
  const why = ends[phase]
  const next = [
    podCondition('PodReadyToStartContainers', 'False', now),
    ...(phase === 'Succeeded' ? [podCondition('Initialized', 'True', now, why)] : []),
    podCondition('Ready', 'False', now, why),
    podCondition('ContainersReady', 'False', now, why),
  ]
  return {
    ...pod.status,
    phase,
    conditions: next.reduce(setInPlace, conditions),
    ...(initContainerStatuses ? { initContainerStatuses: initContainerStatuses.map(endOf) } : {}),
    containerStatuses: last,
  }
}

/** While a pod ends, its address is gone for a moment. */
export function withoutAddress({ podIP: _podIP, podIPs: _podIPs, ...status }: PodStatus): PodStatus {
  return status
}

function phaseOf(pod: Pod, status: PodStatus): PodStatus['phase'] {
  const hasFailedInit = initContainers(pod)
    .filter((init) => !isSidecar(init))
    .some(({ name }) => statusOf({ ...pod, status }, name)?.state.terminated?.exitCode)
  if (hasFailedInit && pod.spec.restartPolicy === 'Never') return 'Failed'
  const main = status.containerStatuses ?? []
  if (main.length > 0 && main.every(({ state }) => state.terminated) && pod.spec.restartPolicy !== 'Always') {
    const failed = main.some(({ state }) => state.terminated?.exitCode !== 0)
    if (!failed) return 'Succeeded'
    if (pod.spec.restartPolicy === 'Never') return 'Failed'
  }
  const neverRan = main.some(({ state, lastState }) => state.waiting && !lastState.terminated)
  return neverRan ? 'Pending' : 'Running'
}

/** A pod may wait for conditions that others set, its readiness gates. */
function readyCondition(ready: Condition, pod: Pod, { conditions }: PodStatus): Condition {
  const gates: { conditionType: string }[] = pod.spec.readinessGates ?? []
  const closed = gates.flatMap(({ conditionType }) => {
    const found = condition(conditions, conditionType)
    const gate = `pod readiness gate "${conditionType}"`
    if (!found) return [`corresponding condition of ${gate} does not exist.`]
    return found.status === 'True' ? [] : [`the status of ${gate} is not "True", but ${found.status}`]
  })
  if (ready.status !== 'True' || closed.length === 0) return ready
  return { ...ready, status: 'False', reason: 'ReadinessGatesNotReady', message: closed.join(', ') }
}

/** The status with its conditions as they follow from the rest of it. */
export function reconsidered(pod: Pod, now: Date): PodStatus {
  return withConditions(pod.status, pod, now, true)
}

/** Whether somebody has opened or closed a readiness gate. */
export function isGateTurned(pod: Pod): boolean {
  if (!pod.spec.readinessGates) return false
  const now = condition(pod.status.conditions, 'Ready')
  const next = condition(reconsidered(pod, new Date()).conditions, 'Ready')
  return now?.status !== next?.status || now?.message !== next?.message
}

/** Why a pod that has ended is not ready. */
const ends: Readonly<Partial<Record<PodStatus['phase'], { reason: string }>>> = {
  Succeeded: { reason: 'PodCompleted' },
  Failed: { reason: 'PodFailed' },
}

function withConditions(status: PodStatus, pod: Pod, now: Date, hasSandbox: boolean): PodStatus {
  const unfinished = initContainers(pod)
    .filter((init) => !isThrough({ ...pod, status }, init))
    .map(({ name }) => name)
  const lasting = [...initContainers(pod).filter(isSidecar), ...containers(pod)]
  const unready = lasting.map(({ name }) => name).filter((name) => !statusOf({ ...pod, status }, name)?.ready)
  const end = ends[status.phase]
  const completed = status.phase === 'Succeeded' ? end : undefined
  const notReady = {
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  }
  const ready: [Flag, { reason: string; message?: string }?] =
    unready.length === 0 && !end ? ['True'] : ['False', end ?? notReady]
  const next: Condition[] = [
    podCondition('PodReadyToStartContainers', hasSandbox && !end ? 'True' : 'False', now),
    podCondition(
      'Initialized',
      unfinished.length === 0 ? 'True' : 'False',
      now,
      unfinished.length === 0
        ? completed
        : {
            reason: 'ContainersNotInitialized',
            message: `containers with incomplete status: [${unfinished.join(' ')}]`,
          },
    ),
    readyCondition(podCondition('Ready', ready[0], now, ready[1]), pod, status),
    podCondition('ContainersReady', ready[0], now, ready[1]),
  ]
  const scheduled = status.conditions?.filter(({ type }) => type === 'PodScheduled') ?? []
  const before = status.conditions?.filter(({ type }) => type !== 'PodScheduled') ?? []
  return { ...status, conditions: [...next.reduce(setInPlace, before), ...scheduled] }
}

function created(container: Container, state: ContainerState): ContainerStatus {
  return {
    name: container.name,
    state,
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
    started: false,
  }
}

export function imageOf({ image }: Container): { image: string; imageID: string } {
  const parsed = parseImage(image)
  return parsed ? { image: fullName(parsed), imageID: imageId(parsed) } : { image, imageID: '' }
}

function containerId(): string {
  return `containerd://${randomBytes(32).toString('hex')}`
}

export function initContainers(pod: Pod): Container[] {
  return pod.spec.initContainers ?? []
}

export function containers(pod: Pod): Container[] {
  return pod.spec.containers
}

/** An init container that keeps running beside the others. */
export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === 'Always'
}

/** Whether those after an init container may begin: it has ended well, or, as a sidecar, has started. */
export function isThrough(pod: Pod, init: Container): boolean {
  const status = statusOf(pod, init.name)
  return (isSidecar(init) && status?.started) || status?.state.terminated?.exitCode === 0
}

/** Whether a container is to end before others begin. */
export function isToEnd(pod: Pod, container: Container): boolean {
  return !isSidecar(container) && initContainers(pod).some(({ name }) => name === container.name)
}

export function statusOf({ status }: Pod, container: string): ContainerStatus | undefined {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  return all.find(({ name }) => name === container)
}

/** Whether the pod's containers were begun at all: from then on it has its sandbox and its volumes. */
export function hasBegun({ status }: Pod): boolean {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].some(
    ({ containerID }) => containerID !== undefined,
  )
}

/** The order in which the API shows container statuses. */
function byName(statuses: ContainerStatus[]): ContainerStatus[] {
  return statuses.sort((a, b) => (a.name < b.name ? -1 : 1))
}
