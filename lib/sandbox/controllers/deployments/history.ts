/** Revisions: which ReplicaSet has the Deployment's template, and what its annotations tell of the past. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, Labels } from '../../objects.ts'
import { ownerReference } from '../owners.ts'
import { annotation, type Deployment, hashLabel, oldestFirst, type ReplicaSet, revisionOf } from './deployment.ts'
import { maxSurge } from './rollout.ts'
import { templateHash } from './template-hash.ts'

/** What a Deployment does not pass on to its ReplicaSets. */
const notPassedOn: readonly string[] = Object.values(annotation)

/** The ReplicaSet with the Deployment's own template, and the others. */
export function splitReplicaSets(
  { spec }: Deployment,
  all: readonly ReplicaSet[],
): { newest: ReplicaSet | undefined; old: ReplicaSet[] } {
  const byAge = [...all].sort(oldestFirst)
  const newest = byAge.find((replicaSet) => isDeepStrictEqual(plain(withoutHash(replicaSet)), plain(spec.template)))
  return { newest, old: byAge.filter((replicaSet) => replicaSet !== newest) }
}

/** The ReplicaSet of a template that had none yet, with no replicas. */
export function newReplicaSet(deployment: Deployment, old: readonly ReplicaSet[]): KubeObject {
  const { metadata, spec, status } = deployment
  const hash = templateHash(spec.template, status?.collisionCount)
  const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace as string,
      generation: 1,
      labels,
      annotations: {
        ...passedOn(deployment),
        ...replicaAnnotations(deployment),
        [annotation.revision]: nextRevision(old),
      },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  }
}

/** The ReplicaSet with the annotations that its place as the newest asks for. */
export function asNewest(deployment: Deployment, replicaSet: ReplicaSet, old: readonly ReplicaSet[]): ReplicaSet {
  const before = replicaSet.metadata.annotations ?? {}
  const revision = nextRevision(old)
  const isRolledBack = revisionOf(replicaSet) < Number(revision)
  const history = before[annotation.revisionHistory]
  const former = before[annotation.revision]
  const annotations = {
    ...before,
    ...passedOn(deployment),
    ...(isRolledBack ? { [annotation.revision]: revision } : {}),
    ...(isRolledBack && former ? { [annotation.revisionHistory]: history ? `${history},${former}` : former } : {}),
  }
  return { ...replicaSet, metadata: { ...replicaSet.metadata, annotations } }
}

/** How many pods the Deployment wanted, and allowed, when this ReplicaSet was last scaled. */
export function replicaAnnotations(deployment: Deployment): Labels {
  const { replicas } = deployment.spec
  return {
    [annotation.desiredReplicas]: String(replicas),
    [annotation.maxReplicas]: String(replicas + maxSurge(deployment)),
  }
}

function nextRevision(old: readonly ReplicaSet[]): string {
  return String(Math.max(0, ...old.map(revisionOf)) + 1)
}

function passedOn({ metadata }: Deployment): Labels {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !notPassedOn.includes(key)))
}

function withoutHash({ spec }: ReplicaSet): KubeObject['spec'] {
  const { [hashLabel]: _, ...labels } = spec.template.metadata?.labels ?? {}
  return { ...spec.template, metadata: { ...spec.template.metadata, labels } }
}

/** Without what is empty or null, so that two ways to say the same are equal. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value)
    .map(([key, field]) => [key, plain(field)] as const)
    .filter(([, field]) => field !== null && field !== undefined && !isEmpty(field))
  return Object.fromEntries(entries)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
