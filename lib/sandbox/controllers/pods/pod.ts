/** A pod, as far as the controllers read it. */
import type { KubeObject } from '../../objects.ts'
import { type Condition, isTrue } from '../conditions.ts'

interface ContainerPort {
  name?: string
  containerPort: number
  hostPort?: number
  protocol?: string
}

export interface Container {
  name: string
  image: string
  imagePullPolicy?: string
  command?: string[]
  args?: string[]
  ports?: ContainerPort[]
  // biome-ignore lint/suspicious/noExplicitAny: the rest of a container is known by the schema
  [field: string]: any
}

export interface ContainerState {
  waiting?: { reason: string; message?: string }
  running?: { startedAt: string }
  terminated?: {
    exitCode: number
    reason: string
    message?: string
    startedAt: string
    finishedAt: string
    containerID: string
  }
}

export interface ContainerStatus {
  name: string
  state: ContainerState
  lastState: ContainerState
  ready: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
  started: boolean
}

export interface PodStatus {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  conditions?: Condition[]
  hostIP?: string
  hostIPs?: { ip: string }[]
  podIP?: string
  podIPs?: { ip: string }[]
  startTime?: string
  initContainerStatuses?: ContainerStatus[]
  containerStatuses?: ContainerStatus[]
  qosClass?: string
  /** Why it failed, where that was not its containers' doing. */
  reason?: string
  message?: string
}

export interface Pod extends KubeObject {
  status: PodStatus
}

export function isReady(pod: KubeObject): boolean {
  return isTrue(pod.status?.conditions, 'Ready')
}

/** Whether a pod counts for its controller: not ended, not asked to end. */
export function isActive(pod: KubeObject): boolean {
  return (
    pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined
  )
}

/** When a pod became ready, in milliseconds since 1970; undefined where it is not. */
export function readySince(pod: KubeObject): number | undefined {
  if (!isReady(pod)) return undefined
  const ready = (pod.status.conditions as Condition[]).find(({ type }) => type === 'Ready')
  return ready ? Date.parse(ready.lastTransitionTime) : undefined
}
