/** What the kubelet does next with a pod. */
import type { Pace } from '../pace.ts'
import type { Container, ContainerStatus, Pod } from './pod.ts'
import { containers, hasBegun, initContainers } from './status.ts'

export type Step =
  /** The kubelet has seen the pod. */
  | { name: 'accept' }
  /** Something the pod mounts is not there yet. */
  | { name: 'mount'; volume: string; missing: string }
  /** An init container runs to its end. */
  | { name: 'initialize'; container: Container }
  /** The containers that wait are started. */
  | { name: 'start'; containers: Container[] }
  /** Those whose images could not be had are tried again. */
  | { name: 'pull'; containers: Container[] }
  /** Those that run pass their probes. */
  | { name: 'ready' }
  | { name: 'stop' }

/** Undefined where the pod is as it should be, or waits for somebody else. */
export function nextStep(pod: Pod, exists: (resource: string, name: string) => boolean): Step | undefined {
  const { metadata, spec, status } = pod
  if (!spec.nodeName) return undefined
  if (metadata.deletionTimestamp) return hasEnded(pod) ? undefined : { name: 'stop' }
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return undefined
  if (!status.startTime) return { name: 'accept' }
  const mount = missingVolume(pod, exists)
  if (mount && !hasBegun(pod)) return { name: 'mount', ...mount }
  const init = initContainers(pod).find(({ name }) => !statusOf(status.initContainerStatuses, name)?.ready)
  if (init) return { name: 'initialize', container: init }
  const reason = (name: string) => statusOf(status.containerStatuses, name)?.state.waiting?.reason
  const waiting = containers(pod).filter(({ name }) => reason(name) !== undefined)
  const fresh = waiting.filter(({ name }) => !isPullFailure(reason(name)))
  if (fresh.length > 0) return { name: 'start', containers: fresh }
  if (status.containerStatuses?.some(({ state, ready }) => state.running && !ready)) return { name: 'ready' }
  return waiting.length > 0 ? { name: 'pull', containers: waiting } : undefined
}

/** It ended, and only waits for those who hold it. */
function hasEnded({ metadata, status }: Pod): boolean {
  return status.phase === 'Failed' && metadata.deletionGracePeriodSeconds === 0
}

/** Milliseconds until a step is done, from the end of the one before. */
export function stepTime(step: Step, pace: Pace): number {
  switch (step.name) {
    case 'initialize':
      return pace.initialize
    case 'start':
      return pace.start
    case 'ready':
      return pace.ready
    case 'pull':
      return pullPause(0, pace.pullBackOff)
    case 'stop':
      return pace.stop
    default:
      return 0
  }
}

/** Kubelet's longest pause between two pulls of an image. */
const LONGEST_PAUSE_MS = 300_000

/** The kubelet looks again ten seconds after a failed pull, and says that it waits; the next pull is later each time. */
export function pullPause(attempt: number, backOff: number): number {
  return attempt % 2 === 0 ? backOff : Math.min(backOff * 2 ** ((attempt - 1) / 2), LONGEST_PAUSE_MS)
}

const pullFailures: readonly string[] = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']

export function isPullFailure(reason: string | undefined): boolean {
  return reason !== undefined && pullFailures.includes(reason)
}

function statusOf(statuses: readonly ContainerStatus[] | undefined, name: string): ContainerStatus | undefined {
  return statuses?.find((status) => status.name === name)
}

function missingVolume(
  pod: Pod,
  exists: (resource: string, name: string) => boolean,
): { volume: string; missing: string } | undefined {
  for (const { name, configMap, secret } of pod.spec.volumes ?? []) {
    if (configMap && !configMap.optional && !exists('configmaps', configMap.name))
      return { volume: name, missing: `configmap "${configMap.name}" not found` }
    if (secret && !secret.optional && !exists('secrets', secret.secretName))
      return { volume: name, missing: `secret "${secret.secretName}" not found` }
  }
  return undefined
}
