/** What the kubelet does next with a pod. */
import type { Pace } from '../pace.ts'
import { type ContainerStep, containerSteps } from './container-steps.ts'
import type { Container, Pod } from './pod.ts'
import { type Probe, probeDelay } from './probes.ts'
import { courseOf } from './programs.ts'
import { type Find, type MissingVolume, missingVolumes } from './references.ts'
import { containers, hasBegun, statusOf } from './status.ts'

export type Step =
  /** The kubelet has seen the pod. */
  | { name: 'accept' }
  /** Something the pod mounts is not there yet. */
  | { name: 'mount'; volumes: MissingVolume[] }
  | ContainerStep
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
  return containerSteps(pod, find)
}

/** When a pod that still runs is ended, in milliseconds since 1970. */
export function deadlineOf({ spec, status }: Pod): number {
  const seconds: number | undefined = spec.activeDeadlineSeconds
  const hasOne = seconds !== undefined && status.startTime && !hasEnded({ status })
  return hasOne ? Date.parse(status.startTime as string) + seconds * 1000 : Number.POSITIVE_INFINITY
}

function hasEnded({ status }: Pick<Pod, 'status'>): boolean {
  return status.phase === 'Failed' || status.phase === 'Succeeded'
}

/** What a cluster and its mesh consist of starts sooner: nobody learns from waiting for an installation. */
function isOfSystem({ metadata }: Pod): boolean {
  return metadata.namespace === 'kube-system' || metadata.namespace === 'istio-system'
}

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
