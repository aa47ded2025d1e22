/** What the kubelet does next with a pod. */
import type { Pace } from '../pace.ts'
import type { Container, ContainerStatus, Pod } from './pod.ts'
import { PASSED, type Probe, timesOf, verdictOn } from './probes.ts'
import { courseOf } from './programs.ts'
import { type Find, type MissingVolume, missingVariable, missingVolumes } from './references.ts'
import {
  containers,
  hasBegun,
  imageOf,
  initContainers,
  isGateTurned,
  isSidecar,
  isThrough,
  statusOf,
} from './status.ts'

/** What is done with containers. */
type Deed =
  /** An init container runs to its end. */
  | 'initialize'
  /** The containers that wait are started. */
  | 'start'
  /** Those that run pass their startup probes, or one is asked that does not. */
  | 'startup'
  /** One that has started is asked whether it is well, and is not. */
  | 'live'
  /** One whose program ends by itself has come to its end. */
  | 'end'
  /** Those that have started pass their other probes. */
  | 'ready'
  /** One whose image could not be had is tried again. */
  | 'pull'
  /** One whose environment could not be made is tried again. */
  | 'configure'
  /** One that has ended is started again. */
  | 'restart'
  /** One that has ended more than once waits before it is. */
  | 'backOff'
  /** One that runs is ended, as its image is to be another, and started anew. */
  | 'replace'

export type Step =
  /** The kubelet has seen the pod. */
  | { name: 'accept' }
  /** Something the pod mounts is not there yet. */
  | { name: 'mount'; volumes: MissingVolume[] }
  | { name: Deed; containers: Container[] }
  /** All its containers are ended, as somebody has deleted it or its time is over. */
  | { name: 'stop' | 'expire' }
  /** Nothing of it runs any more. */
  | { name: 'remove' }

/**
 * What is under way, each with its own time; nothing where the pod is as it should be, or waits for somebody else.
 * now: in milliseconds since 1970
 */
export function nextSteps(pod: Pod, find: Find, now: number): Step[] {
  const { metadata, spec, status } = pod
  if (!spec.nodeName) return []
  if (metadata.deletionTimestamp && !hasEnded(pod)) return [{ name: 'stop' }]
  // With no time left it only waits for those who hold it.
  if (metadata.deletionTimestamp) return metadata.deletionGracePeriodSeconds === 0 ? [] : [{ name: 'remove' }]
  if (hasEnded(pod)) return []
  if (!status.startTime) return [{ name: 'accept' }]
  if (deadlineOf(pod) <= now) return [{ name: 'expire' }]
  const volumes = hasBegun(pod) ? [] : missingVolumes(pod, find)
  if (volumes.length > 0) return [{ name: 'mount', volumes }]
  const init = initContainers(pod).find(({ name }) => !isThrough(pod, name))
  const beside = initContainers(pod).filter((one) => isSidecar(one) && isThrough(pod, one.name))
  const current = [...beside, ...(init ? [init] : containers(pod))]
  const deeds = current.map((container) => ({ container, deed: deedFor(pod, container, find) }))
  const withDeed = (wanted: Deed) => deeds.filter(({ deed }) => deed === wanted).map(({ container }) => container)
  // What succeeds is done with all containers at once; what failed, or is asked later, has a time of its own.
  const beginners = withDeed('startup')
  const lame = beginners.filter((one) => verdictOn(pod, one, 'startup') !== PASSED)
  const together = [
    { deed: 'start' as const, wanted: withDeed('start') },
    { deed: 'startup' as const, wanted: beginners.filter((one) => !lame.includes(one)) },
  ]
  const unready = withDeed('ready')
  const ready = [...new Set([0, ...unready.map(readyDelay)])].map((delay) => ({
    deed: 'ready' as const,
    wanted: unready.filter((one) => readyDelay(one) === delay),
  }))
  const failed = (['pull', 'configure', 'restart', 'backOff', 'replace'] as const).flatMap((deed) =>
    withDeed(deed).map((one) => ({ deed, wanted: [one] })),
  )
  const running = current.filter(({ name }) => statusOf(pod, name)?.state.running)
  const alone = [
    ...failed,
    ...lame.map((one) => ({ deed: 'startup' as const, wanted: [one] })),
    ...running.filter((one) => isUnwell(pod, one)).map((one) => ({ deed: 'live' as const, wanted: [one] })),
    ...running.filter((one) => courseOf(one, { pod }).end).map((one) => ({ deed: 'end' as const, wanted: [one] })),
  ]
  return [...together, ...ready, ...alone]
    .filter(({ deed, wanted }) => wanted.length > 0 || (deed === 'ready' && hasBegun(pod) && isGateTurned(pod)))
    .map(({ deed, wanted }) => ({ name: init && deed === 'start' ? 'initialize' : deed, containers: wanted }))
}

/** Whether a container has started that will fail when it is asked whether it is well, or of which that is not known yet. */
function isUnwell(pod: Pod, container: Container): boolean {
  const isAsked = container.livenessProbe !== undefined && statusOf(pod, container.name)?.started
  return isAsked ? verdictOn(pod, container, 'liveness') !== PASSED : false
}

/** When a pod that still runs is ended, in milliseconds since 1970. */
export function deadlineOf({ spec, status }: Pod): number {
  const seconds: number | undefined = spec.activeDeadlineSeconds
  const hasOne = seconds !== undefined && status.startTime && !hasEnded({ status })
  return hasOne ? Date.parse(status.startTime as string) + seconds * 1000 : Number.POSITIVE_INFINITY
}

function deedFor(pod: Pod, container: Container, find: Find): Deed | undefined {
  const status = statusOf(pod, container.name)
  const reason = status?.state.waiting?.reason
  // Another image has not failed yet.
  const isSame = status?.containerID !== undefined || status?.image === container.image
  if (isPullFailure(reason)) return isSame ? 'pull' : 'start'
  if (reason === CONFIG_ERROR && missingVariable(container, pod.metadata.namespace as string, find)) return 'configure'
  if (reason === CRASH_LOOP) return 'restart'
  if (reason) return 'start'
  if (status && startsAgain(pod, container, status)) return status.restartCount === 0 ? 'restart' : 'backOff'
  if (!status?.state.running) return undefined
  if (status.image !== imageOf(container).image) return 'replace'
  if (!status.started) return 'startup'
  return status.ready ? undefined : 'ready'
}

/** Whether a container that has ended is not to stay so. */
function startsAgain(pod: Pod, container: Container, { state: { terminated } }: ContainerStatus): boolean {
  if (!terminated) return false
  if (isSidecar(container)) return true
  const { restartPolicy } = pod.spec
  if (terminated.exitCode !== 0) return restartPolicy !== 'Never'
  return restartPolicy === 'Always' && containers(pod).includes(container)
}

function hasEnded({ status }: Pick<Pod, 'status'>): boolean {
  return status.phase === 'Failed' || status.phase === 'Succeeded'
}

/** What a cluster and its mesh consist of starts sooner: nobody learns from waiting for an installation. */
function isOfSystem({ metadata }: Pod): boolean {
  return metadata.namespace === 'kube-system' || metadata.namespace === 'istio-system'
}

/** Milliseconds until a container is first asked: the first of the probe's periods after its delay. */
function probeDelay(container: Container, probe: Probe): number {
  const { delay, period } = timesOf(container, probe) ?? { delay: 0, period: 1 }
  return Math.ceil(delay / period) * period * 1000
}

const readyDelay = (container: Container) => probeDelay(container, 'readiness')

function probeTime(asked: readonly Container[], probe: Probe, pod: Pod, pace: Pace): number {
  if (isOfSystem(pod)) return pace.ready
  return Math.max(pace.ready, ...asked.map((container) => probeDelay(container, probe)))
}

/** Milliseconds until a step is done, from the end of the one before. */
export function stepTime(step: Step, pod: Pod, pace: Pace): number {
  switch (step.name) {
    case 'initialize':
      return pace.initialize
    case 'start':
      return isOfSystem(pod) ? pace.ready : pace.start
    case 'startup':
      return probeTime(step.containers, 'startup', pod, pace)
    case 'live':
      return probeTime(step.containers, 'liveness', pod, pace)
    case 'end':
      return Math.max(...step.containers.map((container) => (courseOf(container, { pod }).end?.after ?? 0) * 1000))
    case 'ready':
      return probeTime(step.containers, 'readiness', pod, pace)
    // What happens to other containers has the kubelet look at the pod again, and find that it has to wait.
    case 'pull':
      return containers(pod).some(({ name }) => statusOf(pod, name)?.state.running) ? pace.notice : pace.backOff
    case 'configure':
      return pace.backOff
    case 'backOff':
      return pace.notice
    case 'restart':
      return Math.max(...step.containers.map((container) => restartPause(pod, container, pace)))
    case 'replace':
    case 'stop':
    case 'expire':
      return pace.stop
    case 'remove':
      return pace.apart
    default:
      return 0
  }
}

/** The kubelet's longest pause between two tries. */
const LONGEST_PAUSE_MS = 300_000

/** The kubelet looks again ten seconds after a failed pull, and says that it waits; the next pull is later each time. */
export function pullPause(attempt: number, backOff: number): number {
  return attempt % 2 === 0 ? backOff : Math.min(backOff * 2 ** ((attempt - 1) / 2), LONGEST_PAUSE_MS)
}

/** From the end of a container to its next start: twice as long each time. */
export function crashPause(restarts: number, backOff: number): number {
  return Math.min(backOff * 2 ** Math.max(0, restarts - 1), LONGEST_PAUSE_MS)
}

function restartPause(pod: Pod, { name }: Container, pace: Pace): number {
  const status = statusOf(pod, name)
  return status?.state.waiting ? crashPause(status.restartCount, pace.backOff) : pace.notice
}

/** Why a container waits that has ended too often. */
export const CRASH_LOOP = 'CrashLoopBackOff'
/** Why a container waits whose environment cannot be made. */
export const CONFIG_ERROR = 'CreateContainerConfigError'

const pullFailures: readonly string[] = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']

function isPullFailure(reason: string | undefined): boolean {
  return reason !== undefined && pullFailures.includes(reason)
}
