/** PeerAuthentication: whether a pod's sidecar takes the mesh's own TLS, plain text or both (security.istio.io, Istio 1.21). */

import type { KubeObject, Labels } from '../objects.ts'
import { hasLabels } from '../selectors.ts'
import { byAge } from './age.ts'
import { rootNamespace } from './control-plane.ts'

export type TlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE'

interface MutualTls {
  mode?: TlsMode | 'UNSET'
}

export interface PeerAuthentication extends KubeObject {
  spec: {
    selector?: { matchLabels?: Labels }
    mtls?: MutualTls
    portLevelMtls?: Readonly<Record<string, MutualTls>>
  }
}

export class PeerAuthentications {
  readonly #policies: readonly PeerAuthentication[]

  constructor(policies: readonly PeerAuthentication[]) {
    this.#policies = policies.toSorted(byAge)
  }

  /** The oldest policy of the mesh, of the namespace and of the workload, each of which overrules the one before. */
  modeOf({ metadata }: KubeObject, port: number): TlsMode {
    if (this.#policies.length === 0) return 'PERMISSIVE'
    const { namespace, labels } = metadata
    const of = (wanted: string | undefined, isForAll: boolean) =>
      this.#policies.find(
        (policy) =>
          policy.metadata.namespace === wanted &&
          isForAll === isOfNamespace(policy) &&
          hasLabels(labels, policy.spec.selector?.matchLabels ?? {}),
      )?.spec
    const own = namespace === rootNamespace ? undefined : of(namespace, false)
    const modes = [own?.portLevelMtls?.[port], own?.mtls, of(namespace, true)?.mtls, of(rootNamespace, true)?.mtls]
    const said = modes.map((mtls) => mtls?.mode).find((mode) => mode !== undefined && mode !== 'UNSET')
    return (said as TlsMode | undefined) ?? 'PERMISSIVE'
  }
}

function isOfNamespace({ spec }: PeerAuthentication): boolean {
  return Object.keys(spec.selector?.matchLabels ?? {}).length === 0
}
