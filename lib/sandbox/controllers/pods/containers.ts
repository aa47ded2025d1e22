/** Begins a container: its image first, which may not be had, then its environment. */
import type { Context } from '../controller.ts'
import { pullFailure } from './images.ts'
import { CONFIG_ERROR } from './lifecycle.ts'
import type { Node } from './node.ts'
import type { Container, Pod } from './pod.ts'
import { findFor, missingVariable } from './references.ts'
import { report } from './report.ts'
import {
  endedContainer,
  initContainers,
  isSidecar,
  runningContainer,
  waitingContainer,
  withContainer,
} from './status.ts'

/** The pod with this container begun, or waiting for what it lacks. Odd attempts only say that the kubelet waits. */
export function begin(pod: Pod, container: Container, node: Node, context: Context, attempt: number): Pod {
  const now = context.now()
  const isInit = isInitContainer(pod, container.name)
  const fieldPath = fieldPathOf(pod, container.name)
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    report(pod, node, context, { type, reason, message, fieldPath })
  const become = (change: Parameters<typeof withContainer>[2]): Pod => ({
    ...pod,
    status: withContainer(pod, container.name, change, now),
  })

  const failure = pullFailure(container.image)
  if (failure?.reason === 'ErrImagePull' && container.imagePullPolicy === 'Never') {
    const message = `Container image "${container.image}" is not present with pull policy of Never`
    tell('Warning', 'ErrImageNeverPull', message)
    tell('Warning', 'Failed', 'Error: ErrImageNeverPull')
    return become(waitingContainer('ErrImageNeverPull', message))
  }
  if (!failure) {
    tellImage(container, tell)
    const missing = missingVariable(container, pod.metadata.namespace as string, findFor(pod, context))
    if (missing) {
      tell('Warning', 'Failed', `Error: ${missing}`)
      return become(waitingContainer(CONFIG_ERROR, missing))
    }
    tell('Normal', 'Created', `Created container ${container.name}`)
    tell('Normal', 'Started', `Started container ${container.name}`)
    const ends = isInit && !isSidecar(container)
    return become(ends ? { ...endedContainer(container, 0, now), ready: true } : runningContainer(container, now))
  }
  if (failure.reason === 'InvalidImageName') {
    tell('Warning', 'InspectFailed', failure.message)
    tell('Warning', 'Failed', 'Error: InvalidImageName')
    return become(waitingContainer(failure.reason, failure.message))
  }
  if (attempt % 2 === 0) {
    tell('Normal', 'Pulling', `Pulling image "${container.image}"`)
    tell('Warning', 'Failed', `Failed to pull image "${container.image}": ${failure.message}`)
    tell('Warning', 'Failed', 'Error: ErrImagePull')
    return become(waitingContainer('ErrImagePull', failure.message))
  }
  tell('Normal', 'BackOff', `Back-off pulling image "${container.image}"`)
  tell('Warning', 'Failed', 'Error: ImagePullBackOff')
  return become(waitingContainer('ImagePullBackOff', `Back-off pulling image "${container.image}"`))
}

/** An image that is pulled each time takes no time here. */
function tellImage({ image, imagePullPolicy }: Container, tell: (...event: ['Normal', string, string]) => void): void {
  if (imagePullPolicy !== 'Always') {
    tell('Normal', 'Pulled', `Container image "${image}" already present on machine`)
    return
  }
  tell('Normal', 'Pulling', `Pulling image "${image}"`)
  tell('Normal', 'Pulled', `Successfully pulled image "${image}" in 1ms (1ms including waiting)`)
}

/** What is told when a pod is asked to end: of each container that runs. */
export function announceEnd(pod: Pod, node: Node, context: Context): void {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status
  // Sidecars are the last that end.
  for (const { name, state } of [...containerStatuses, ...initContainerStatuses])
    if (state.running)
      report(pod, node, context, {
        type: 'Normal',
        reason: 'Killing',
        message: `Stopping container ${name}`,
        fieldPath: fieldPathOf(pod, name),
      })
}

function isInitContainer(pod: Pod, container: string): boolean {
  return initContainers(pod).some(({ name }) => name === container)
}

function fieldPathOf(pod: Pod, container: string): string {
  return `spec.${isInitContainer(pod, container) ? 'initContainers' : 'containers'}{${container}}`
}
