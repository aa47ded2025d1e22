/** Which Gateway objects open a port of a gateway's pod. */

import type { KubeObject } from '../objects.ts'
import { hasLabels } from '../selectors.ts'
import { byAge } from './age.ts'
import { isPlainHttp } from './protocols.ts'
import type { Gateway } from './types.ts'
import type { KeyedProxy, OwnedServer } from './virtual-hosts.ts'

export interface Listener {
  /** The gateway's pod that holds the port. */
  pod: KubeObject
  proxy: KeyedProxy
  servers: readonly OwnedServer[]
}

/**
 * A gateway's pod holds a port when a Gateway that selects the pod has a server there. Undefined where nobody listens.
 */
export function listenerIn(
  pod: KubeObject,
  port: number,
  gateways: readonly Gateway[],
  services: readonly KubeObject[],
): Listener | undefined {
  const servers = [...gateways].sort(byAge).flatMap((gateway): OwnedServer[] => {
    if (!hasLabels(pod.metadata.labels, gateway.spec.selector ?? {})) return []
    const own = (gateway.spec.servers ?? []).filter(
      (server) =>
        server.port &&
        isPlainHttp(server.port.protocol) &&
        listeningPorts(server.port.number, pod, services).includes(port),
    )
    return own.map((server) => ({ gateway, server }))
  })
  return servers.length > 0 ? { pod, servers, proxy: proxyOf(pod, servers, port) } : undefined
}

/** A server's port is one of the gateway's Service, behind which the pod may listen on another. */
function listeningPorts(port: number, pod: KubeObject, services: readonly KubeObject[]): number[] {
  const targets = services
    .filter(({ metadata, spec }) => metadata.namespace === pod.metadata.namespace && selects(spec.selector, pod))
    // biome-ignore lint/suspicious/noExplicitAny: parts of a Service are known by the schema
    .flatMap(({ spec }) => (spec.ports ?? []).filter((one: any) => one.port === port))
    .map(({ targetPort }) => Number(targetPort ?? port))
  return targets.length > 0 ? targets : [port]
}

function selects(selector: Readonly<Record<string, string>> | undefined, { metadata }: KubeObject): boolean {
  return selector !== undefined && hasLabels(metadata.labels, selector)
}

function proxyOf({ metadata }: KubeObject, servers: readonly OwnedServer[], port: number): KeyedProxy {
  const gateways = [...new Set(servers.map(({ gateway }) => `${gateway.metadata.namespace}/${gateway.metadata.name}`))]
  const { namespace = '', labels = {} } = metadata
  const key = `gateway ${port} ${namespace} ${gateways.join()} ${JSON.stringify(labels)}`
  return { key, namespace, labels, gateways, port }
}
