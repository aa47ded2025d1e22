/** What an autoscaler scales. */
import { type Kind, resourceName } from '../../kinds/kind.ts'
import { type Scale, scaleOf, scalePaths, scaleResource, withReplicas } from '../../kinds/scale.ts'
import { groupVersion, type KubeObject } from '../../objects.ts'
import type { Context } from '../controller.ts'

export interface Target {
  scale: Scale
  resize: (replicas: number) => void
}

/** The target of an autoscaler, or what the API says in its place. */
export function targetOf({ metadata, spec }: KubeObject, { kinds, store, write }: Context): Target | { error: string } {
  const { apiVersion = '', kind: wanted, name } = spec.scaleTargetRef
  const [group, version] = groupVersion(apiVersion)
  if (version.includes('/')) return { error: `unexpected GroupVersion string: ${apiVersion}` }
  const kind: Kind | undefined = kinds.all().find((known) => known.group === group && known.kind === wanted)
  if (!kind) return { error: `no matches for kind ${JSON.stringify(wanted)} in group ${JSON.stringify(group)}` }
  if (!kind.subresources.includes('scale')) return { error: 'the server could not find the requested resource' }
  const object = store.get(resourceName(kind), name, metadata.namespace)
  if (!object) return { error: `${scaleResource(kind)} ${JSON.stringify(name)} not found` }
  const paths = scalePaths({ kind, version })
  return {
    scale: scaleOf(object, paths),
    resize: (replicas) => write.updateScale(resourceName(kind), withReplicas(object, paths, replicas)),
  }
}
