/** What the mesh reads of a pod. */
import type { Container } from '../controllers/pods/pod.ts'
import type { KubeObject } from '../objects.ts'

/** A sidecar may also be an init container that keeps running. */
export function hasSidecar({ spec }: KubeObject): boolean {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].some(isProxy)
}

/** Whether a pod's proxy is a gateway, that serves others instead of the pod's own containers. */
export function isGateway({ spec }: KubeObject): boolean {
  return (spec.containers ?? []).some(
    (container: Container) => isProxy(container) && container.args?.includes('router'),
  )
}

export function applicationContainers({ spec }: KubeObject): Container[] {
  return (spec.containers ?? []).filter((container: Container) => !isProxy(container))
}

function isProxy({ name }: Container): boolean {
  return name === 'istio-proxy'
}

export function isRunning({ status }: KubeObject, container: string): boolean {
  const statuses: readonly { name: string; state?: { running?: object } }[] = status?.containerStatuses ?? []
  return statuses.some(({ name, state }) => name === container && state?.running !== undefined)
}
