/** Where a port of the node leads to. */
import { isReady } from '../controllers/pods/pod.ts'
import type { KubeObject } from '../objects.ts'
import type { Cluster, Clusters, Endpoint } from './clusters.ts'

export interface NodeTarget {
  endpoint: Endpoint
  /** The Service whose node port it is. */
  cluster?: Cluster
}

/**
 * What is redirected comes first, a Service's `nodePort` to its endpoints and a container's `hostPort` to its pod; the
 * rest is for the pods on the node's own network. Whether anything listens there is another matter.
 */
export function targetsOf(port: number, services: Clusters, pods: readonly KubeObject[]): NodeTarget[] {
  const cluster = services.findByNodePort(port)
  if (cluster) return cluster.endpoints.map((endpoint) => ({ endpoint, cluster }))
  const ready = pods.filter(isReady)
  const exposed = ready.flatMap((pod) => targetOf(pod, hostPorts(pod).get(port)))
  return exposed.length > 0 ? exposed : ready.flatMap((pod) => targetOf(pod, pod.spec.hostNetwork ? port : undefined))
}

function targetOf(pod: KubeObject, port: number | undefined): NodeTarget[] {
  if (port === undefined) return []
  return [{ endpoint: { pod, address: pod.status.podIP, port, speaksHttp: true, active: 0 } }]
}

/** Ports of the containers by those of the node. On the node's own network they are the same, and nothing is redirected. */
function hostPorts({ spec }: KubeObject): ReadonlyMap<number, number> {
  if (spec.hostNetwork) return new Map()
  // biome-ignore lint/suspicious/noExplicitAny: parts of a container are known by the schema
  const ports: any[] = spec.containers.flatMap(({ ports = [] }: { ports?: object[] }) => ports)
  return new Map(ports.map(({ hostPort, containerPort }) => [hostPort, containerPort]))
}
