/** ConfigMaps and Secrets that a pod refers to, and what of them is not there: in the kubelet's words. */
import { memo } from '../../memo.ts'
import type { KubeObject } from '../../objects.ts'
import type { Context } from '../controller.ts'
import type { Container, Pod } from './pod.ts'
import { containers, initContainers } from './status.ts'

/** Finds an object in the pod's namespace. */
export type Find = (resource: string, name: string) => KubeObject | undefined

export function findFor({ metadata: { namespace } }: Pod, { store }: Pick<Context, 'store'>): Find {
  return (resource, name) => store.get(resource, name, namespace)
}

type Source = 'configmaps' | 'secrets'

// biome-ignore lint/suspicious/noExplicitAny: references are known by the schema
type Reference = any

const sources: Readonly<Record<Source, { word: string; kind: string; noKey: string }>> = {
  configmaps: { word: 'configmap', kind: 'ConfigMap', noKey: 'configmap references non-existent config key' },
  secrets: { word: 'secret', kind: 'Secret', noKey: 'references non-existent secret key' },
}

export function isSource(resource: string): resource is Source {
  return resource in sources
}

/** Whether the pod has a volume or a variable of what this object holds. */
export function refersTo({ spec }: Pod, source: Source, name: string): boolean {
  return referencesOf(spec).has(`${source}/${name}`)
}

/** By the specs of pods, which hardly ever change: all of a namespace are asked at each write of a ConfigMap. */
const referencesOf = memo(({ initContainers = [], containers, volumes = [] }: Pod['spec']): ReadonlySet<string> => {
  const variables = [...initContainers, ...containers].flatMap(variableSources)
  const all = [...volumes.flatMap(volumeSources), ...variables]
  return new Set(all.map(([source, { name }]) => `${source}/${name}`))
})

export interface MissingVolume {
  volume: string
  missing: string
}

/** The volumes that cannot be set up. What no container mounts is not set up at all. */
export function missingVolumes(pod: Pod, find: Find): MissingVolume[] {
  const mounts = [...initContainers(pod), ...containers(pod)].flatMap(({ volumeMounts = [] }) => volumeMounts)
  const mounted = new Set(mounts.map(({ name }: Reference) => name))
  return (pod.spec.volumes ?? [])
    .filter(({ name }: Reference) => mounted.has(name))
    .flatMap((volume: Reference) => {
      const missing = volumeSources(volume).flatMap(
        ([source, reference]) => missingFiles(source, reference, find) ?? [],
      )
      if (missing.length === 0) return []
      return [{ volume: volume.name, missing: missing.length === 1 ? missing[0] : `[${missing.join(', ')}]` }]
    })
}

/** Why the container's environment cannot be made; undefined where it can. */
export function missingVariable(container: Container, namespace: string, find: Find): string | undefined {
  for (const [source, reference] of variableSources(container)) {
    const { name, key, optional } = reference
    const missing = missingObject(source, reference, find)
    if (missing) return missing
    if (key !== undefined && !optional && !hasKey(find(source, name), key))
      return `couldn't find key ${key} in ${sources[source].kind} ${namespace}/${name}`
  }
  return undefined
}

/** Those of whole objects first, which have no key. */
function variableSources({ envFrom = [], env = [] }: Container): [Source, Reference][] {
  return [
    ...envFrom.flatMap(({ configMapRef, secretRef }: Reference) => pairs(configMapRef, secretRef)),
    ...env.flatMap(({ valueFrom = {} }: Reference) => pairs(valueFrom.configMapKeyRef, valueFrom.secretKeyRef)),
  ]
}

function pairs(configMap: Reference, secret: Reference): [Source, Reference][] {
  const both: [Source, Reference][] = [
    ['configmaps', configMap],
    ['secrets', secret],
  ]
  return both.filter(([, reference]) => reference)
}

function volumeSources({ configMap, secret, projected }: Reference): [Source, Reference][] {
  const parts: Reference[] = projected?.sources ?? []
  return [
    ...pairs(configMap, secret && { ...secret, name: secret.secretName }),
    ...parts.flatMap((part) => pairs(part.configMap, part.secret)),
  ]
}

function missingFiles(source: Source, reference: Reference, find: Find): string | undefined {
  const missing = missingObject(source, reference, find)
  if (missing || reference.optional) return missing
  const found = find(source, reference.name)
  const absent = (reference.items ?? []).find(({ key }: Reference) => !hasKey(found, key))
  return absent && `${sources[source].noKey}: ${absent.key}`
}

function missingObject(source: Source, { name, optional }: Reference, find: Find): string | undefined {
  return optional || find(source, name) ? undefined : `${sources[source].word} "${name}" not found`
}

function hasKey(object: KubeObject | undefined, key: string): boolean {
  return key in { ...object?.data, ...object?.binaryData }
}
