/** Begins a container: its image first, which may not be had, then its environment. */
import type { Context } from '../controller.ts'
import { configFault } from './config-faults.ts'
import { CONFIG_ERROR, CRASH_LOOP } from './container-steps.ts'
import { pullFailure } from './images.ts'
import { crashPause, type Step } from './lifecycle.ts'
import type { Node } from './node.ts'
import type { Container, ContainerStatus, Pod } from './pod.ts'
import { courseOf, lastWordsOf } from './programs.ts'
import { findFor } from './references.ts'
import { report } from './report.ts'
import {
  containers,
  EXPIRED,
  endedContainer,
  formerRuns,
  initContainers,
  isSidecar,
  isToEnd,
  runningContainer,
  statusOf,
  waitingContainer,
  withContainer,
  withLastWords,
} from './status.ts'

/** The pod with this container begun, or waiting for what it lacks. Odd attempts only say that the kubelet waits. */
export function begin(pod: Pod, container: Container, node: Node, context: Context, attempt: number): Pod {
  const now = context.now()
  const isInit = isInitContainer(pod, container.name)
  const fieldPath = fieldPathOf(pod, container.name)
  const tell: Tell = (type, reason, message) => report(pod, node, context, { type, reason, message, fieldPath })
  const former = statusOf(pod, container.name) as ContainerStatus
  const become = (change: Parameters<typeof withContainer>[2]): Pod => ({
    ...pod,
    status: withContainer(pod, container.name, change, now),
  })
  // One that has never run goes by the image that it is to have.
  const waiting = (reason: string, message: string) => ({
    ...waitingContainer(former, reason, message),
    ...(former.containerID === undefined ? { image: container.image } : {}),
  })

  const failure = pullFailure(container.image)
  if (failure?.reason === 'ErrImagePull' && container.imagePullPolicy === 'Never') {
    const message = `Container image "${container.image}" is not present with pull policy of Never`
    tell('Warning', 'ErrImageNeverPull', message)
    tell('Warning', 'Failed', 'Error: ErrImageNeverPull')
    return become(waiting('ErrImageNeverPull', message))
  }
  if (!failure) {
    tellImage(container, tell)
    const fault = configFault(pod, container, findFor(pod, context))
    if (fault) {
      tell('Warning', 'Failed', `Error: ${fault}`)
      return become(waiting(CONFIG_ERROR, fault))
    }
    tell('Normal', 'Created', `Created container ${container.name}`)
    tell('Normal', 'Started', `Started container ${container.name}`)
    const course = courseOf(container, { pod, find: findFor(pod, context) })
    const end = course.end ?? (isInit && !isSidecar(container) ? { after: 0, exitCode: 0 } : undefined)
    const run =
      end?.after === 0
        ? withLastWords(
            { ...endedContainer(container, end.exitCode, now), ready: isInit && end.exitCode === 0 },
            lastWordsOf(container, course),
          )
        : { ...runningContainer(container, now), ...(isToEnd(pod, container) ? { ready: false } : {}) }
    return become({ ...run, ...formerRuns(former) })
  }
  if (failure.reason === 'InvalidImageName') {
    tell('Warning', 'InspectFailed', failure.message)
    tell('Warning', 'Failed', 'Error: InvalidImageName')
    return become(waiting(failure.reason, failure.message))
  }
  if (attempt % 2 === 0) {
    tell('Normal', 'Pulling', `Pulling image "${container.image}"`)
    tell('Warning', 'Failed', `Failed to pull image "${container.image}": ${failure.message}`)
    tell('Warning', 'Failed', 'Error: ErrImagePull')
    // The kubelet looks again at once, and finds that it has to wait, long before the status says so.
    if (attempt === 0) tellBackOff(container, tell)
    return become(waiting('ErrImagePull', failure.message))
  }
  if (attempt > 1) tellBackOff(container, tell)
  return become(waiting('ImagePullBackOff', `Back-off pulling image "${container.image}"`))
}

type Tell = (type: 'Normal' | 'Warning', reason: string, message: string) => void

function tellBackOff({ image }: Container, tell: Tell): void {
  tell('Normal', 'BackOff', `Back-off pulling image "${image}"`)
  tell('Warning', 'Failed', 'Error: ImagePullBackOff')
}

/** An image that is pulled each time takes no time here. */
function tellImage({ image, imagePullPolicy }: Container, tell: Tell): void {
  if (imagePullPolicy !== 'Always') {
    tell('Normal', 'Pulled', `Container image "${image}" already present on machine`)
    return
  }
  tell('Normal', 'Pulling', `Pulling image "${image}"`)
  tell('Normal', 'Pulled', `Successfully pulled image "${image}" in 1ms (1ms including waiting)`)
}

/** The pod with this container, which ended before, waiting for its next start. */
export function backOff(pod: Pod, container: Container, node: Node, context: Context): Pod {
  const { name, namespace, uid } = pod.metadata
  const former = statusOf(pod, container.name) as ContainerStatus
  const where = `${name}_${namespace}(${uid})`
  report(pod, node, context, {
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${container.name} in pod ${where}`,
    fieldPath: fieldPathOf(pod, container.name),
  })
  const pause = goDuration(crashPause(former.restartCount, context.pace.backOff))
  const message = `back-off ${pause} restarting failed container=${container.name} pod=${where}`
  const waiting = waitingContainer(former, CRASH_LOOP, message)
  return { ...pod, status: withContainer(pod, container.name, waiting, context.now()) }
}

/** `1m20s` */
function goDuration(ms: number): string {
  const seconds = ms / 1000
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}

/** What is told when containers that run are asked to end: all of a pod, or one whose image is to be another. */
export function announceEnd(step: Step, pod: Pod, node: Node, context: Context): void {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status
  // Sidecars are the last that end.
  const running = [...containerStatuses, ...initContainerStatuses].filter(({ state }) => state.running)
  const tell = (name: string, message: string) =>
    report(pod, node, context, { type: 'Normal', reason: 'Killing', message, fieldPath: fieldPathOf(pod, name) })
  if (step.name === 'expire') report(pod, node, context, { type: 'Normal', ...EXPIRED })
  if (step.name === 'stop' || step.name === 'expire')
    for (const { name } of running) tell(name, `Stopping container ${name}`)
  if (step.name === 'replace')
    for (const { name } of step.containers) tell(name, `Container ${name} definition changed, will be restarted`)
}

/** A container has failed a probe so often that it is ended. */
export function announceFailure({ name }: Container, probe: string, pod: Pod, node: Node, context: Context): void {
  const isLast = !containers(pod).some((one) => one.name !== name && statusOf(pod, one.name)?.state.running)
  const failed = `Container ${name} failed ${probe} probe`
  const message =
    pod.spec.restartPolicy !== 'Never'
      ? `${failed}, will be restarted`
      : // With the last of them the pod is ended.
        isLast
        ? `Stopping container ${name}`
        : failed
  report(pod, node, context, {
    type: 'Normal',
    reason: 'Killing',
    message,
    fieldPath: fieldPathOf(pod, name),
  })
}

function isInitContainer(pod: Pod, container: string): boolean {
  return initContainers(pod).some(({ name }) => name === container)
}

function fieldPathOf(pod: Pod, container: string): string {
  return `spec.${isInitContainer(pod, container) ? 'initContainers' : 'containers'}{${container}}`
}
