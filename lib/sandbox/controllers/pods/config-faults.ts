/** Why a container cannot be made, though its image is there. */
import type { Container, Pod } from './pod.ts'
import { type Find, missingVariable } from './references.ts'
import { rootFault } from './users.ts'

/** In the kubelet's words; undefined where it can be made. */
export function configFault(pod: Pod, container: Container, find: Find): string | undefined {
  return rootFault(pod, container) ?? missingVariable(container, pod.metadata.namespace as string, find)
}
