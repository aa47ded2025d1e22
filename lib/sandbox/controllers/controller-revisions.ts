/** ControllerRevisions: what a DaemonSet or StatefulSet has asked for, by which `kubectl rollout undo` finds the way back. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'
import type { Context } from './controller.ts'
import { adopt, ownerReference } from './owners.ts'

const revisions = 'controllerrevisions.apps'
export const revisionHash = 'controller-revision-hash'

/** What a patch must say to bring the template back. */
export function templatePatch({ spec }: KubeObject): object {
  return { spec: { template: { ...spec.template, $patch: 'replace' } } }
}

interface Wanted {
  data: object
  /** In its name and label, where it is new. */
  hash: string
  labels: Readonly<Record<string, string>>
}

/** The revision of what the owner asks for now: made, or, where it has come back, numbered anew. */
export function currentRevision(owner: KubeObject, { data, hash, labels }: Wanted, context: Context): KubeObject {
  const all = inOrder(adopt(owner, revisions, context))
  const found = all.findLast((revision) => isDeepStrictEqual(revision.data, data))
  const last = Math.max(0, ...all.filter((revision) => revision !== found).map(numberOf))
  if (found) return numberOf(found) > last ? found : context.write.update(revisions, { ...found, revision: last + 1 })
  const { name, namespace, annotations } = owner.metadata
  return context.write.create(revisions, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      namespace: namespace as string,
      labels: { ...labels, [revisionHash]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    data,
    revision: last + 1,
  })
}

/** Takes away the oldest that no pod has any more, beyond the history's limit. */
export function limitRevisions(
  owner: KubeObject,
  current: KubeObject,
  pods: readonly KubeObject[],
  { store, dependents }: Context,
): void {
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionHash]))
  const old = inOrder(dependents.controlled(owner, revisions)).filter(
    ({ metadata }) => metadata.uid !== current.metadata.uid && !live.has(metadata.labels?.[revisionHash]),
  )
  const { revisionHistoryLimit = 10 } = owner.spec
  for (const { metadata } of old.slice(0, Math.max(0, old.length - revisionHistoryLimit)))
    store.remove(revisions, metadata.name, metadata.namespace)
}

export function revisionNamed(owner: KubeObject, name: string, { dependents }: Context): KubeObject | undefined {
  return dependents.controlled(owner, revisions).find(({ metadata }) => metadata.name === name)
}

function inOrder(all: readonly KubeObject[]): KubeObject[] {
  return [...all].sort((a, b) => numberOf(a) - numberOf(b))
}

function numberOf({ revision }: KubeObject): number {
  return revision
}
