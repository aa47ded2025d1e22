/** What of Istio's own configuration the sandbox does not follow: said in a warning when somebody changes it. */
import { isDeepStrictEqual } from 'node:util'
import { meshConfigOf } from '../mesh/mesh-config.ts'
import type { KubeObject } from '../objects.ts'

/** By the names of the ConfigMaps. */
const followed: Readonly<Record<string, (old: KubeObject, next: KubeObject) => string | undefined>> = {
  istio: (old, next) =>
    isDeepStrictEqual(unfollowedMesh(old), unfollowedMesh(next))
      ? undefined
      : "of the mesh's configuration accessLogFile alone has an effect",
  'istio-sidecar-injector': (old, next) =>
    old.data?.config === next.data?.config
      ? undefined
      : "of the injector's configuration its values alone have an effect, not its templates",
}

export function configurationWarnings(object: KubeObject, old?: KubeObject): string[] {
  const { name, namespace } = object.metadata
  if (!old || object.kind !== 'ConfigMap' || namespace !== 'istio-system') return []
  const why = followed[Object.hasOwn(followed, name) ? name : '']?.(old, object)
  return why ? [`sandbox: ${why}`] : []
}

function unfollowedMesh(map: KubeObject): unknown {
  const config = meshConfigOf(map)
  if (!config) return map.data
  const { accessLogFile: _followed, ...others } = config
  return [others, map.data?.meshNetworks]
}
