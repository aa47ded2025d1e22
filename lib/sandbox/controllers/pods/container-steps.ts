/** What is to be done with the containers of a pod that has its node, its volumes, and time left. */

import { configFault } from './config-faults.ts'
import type { Container, ContainerStatus, Pod } from './pod.ts'
import { PASSED, probeDelay, verdictOn } from './probes.ts'
import { courseOf } from './programs.ts'
import type { Find } from './references.ts'
import {
  containers,
  hasBegun,
  imageOf,
  initContainers,
  isGateTurned,
  isSidecar,
  isThrough,
  isToEnd,
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

export interface ContainerStep {
  name: Deed
  containers: Container[]
}

/** What is under way, each with its own time. */
export function containerSteps(pod: Pod, find: Find): ContainerStep[] {
  const init = initContainers(pod).find((one) => !isThrough(pod, one))
  const beside = initContainers(pod).filter((one) => isSidecar(one) && isThrough(pod, one))
  const current = [...beside, ...(init ? [init] : containers(pod))]
  const deeds = new Map(current.map((container) => [container, deedFor(pod, container, find)]))
  const withDeed = (wanted: Deed) => current.filter((container) => deeds.get(container) === wanted)
  const steps: ContainerStep[] = [
    // What succeeds is done with all containers at once; what fails, or ends, has a time of its own.
    { name: init ? 'initialize' : 'start', containers: withDeed('start') },
    { name: 'startup', containers: withDeed('startup').filter((one) => verdictOn(pod, one, 'startup') === PASSED) },
    ...readySteps(withDeed('ready')),
    ...current.flatMap((one) => ownDeeds(pod, one, deeds.get(one)).map((name) => ({ name, containers: [one] }))),
  ]
  const isToReconsider = hasBegun(pod) && isGateTurned(pod)
  return steps.filter(({ name, containers: all }) => all.length > 0 || (name === 'ready' && isToReconsider))
}

/** Those that are asked at the same time are asked together. */
function readySteps(unready: readonly Container[]): ContainerStep[] {
  const delayOf = (container: Container) => probeDelay(container, 'readiness')
  return [...new Set([0, ...unready.map(delayOf)])].map((delay) => ({
    name: 'ready',
    containers: unready.filter((one) => delayOf(one) === delay),
  }))
}

const retried: readonly (Deed | undefined)[] = ['pull', 'configure', 'restart', 'backOff', 'replace']

/** What is done with a container whatever becomes of the others. */
function ownDeeds(pod: Pod, container: Container, deed: Deed | undefined): Deed[] {
  const { state, started } = statusOf(pod, container.name) ?? {}
  const running = state?.running
  const fails = (probe: 'startup' | 'liveness') => verdictOn(pod, container, probe) !== PASSED
  return [
    ...(retried.includes(deed) ? [deed as Deed] : []),
    ...(deed === 'startup' && fails('startup') ? ['startup' as const] : []),
    ...(running && started && fails('liveness') ? ['live' as const] : []),
    ...(running && courseOf(container, { pod }).end ? ['end' as const] : []),
  ]
}

function deedFor(pod: Pod, container: Container, find: Find): Deed | undefined {
  const status = statusOf(pod, container.name)
  const reason = status?.state.waiting?.reason
  // Another image has not failed yet.
  const isSame = status?.containerID !== undefined || status?.image === container.image
  if (isPullFailure(reason)) return isSame ? 'pull' : 'start'
  if (reason === CONFIG_ERROR && configFault(pod, container, find)) return 'configure'
  if (reason === CRASH_LOOP) return 'restart'
  if (reason) return 'start'
  if (status && startsAgain(pod, container, status)) return status.restartCount === 0 ? 'restart' : 'backOff'
  if (!status?.state.running) return undefined
  if (status.image !== imageOf(container).image) return 'replace'
  if (isToEnd(pod, container)) return undefined
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

/** Why a container waits that has ended too often. */
export const CRASH_LOOP = 'CrashLoopBackOff'
/** Why a container waits whose environment cannot be made. */
export const CONFIG_ERROR = 'CreateContainerConfigError'

const pullFailures: readonly string[] = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']

function isPullFailure(reason: string | undefined): boolean {
  return reason !== undefined && pullFailures.includes(reason)
}
