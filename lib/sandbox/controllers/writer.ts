/** Writes of controllers, marked in metadata.managedFields as those of the program that they are part of. */
import { isDeepStrictEqual } from 'node:util'
import type { Registry } from '../api/registry.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { trackUpdate } from '../schema/managed-fields.ts'

/** The programs of a cluster, by the names that they have in managedFields. */
export type Client = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubelet' | 'pilot-discovery'

export interface Writer {
  /** @throws AlreadyExists */
  create: (resource: string, object: KubeObject) => KubeObject
  /** @throws NotFound, Conflict */
  update: (resource: string, object: KubeObject) => KubeObject
  /** The same through the subresource: what else it changes goes into the same entry. */
  updateStatus: (resource: string, object: KubeObject) => KubeObject
  /** The object with other replicas, as it is changed through the subresource. */
  updateScale: (resource: string, object: KubeObject) => KubeObject
  /** Makes an object as a client would: with defaults and admission. */
  createAs: (resource: string, object: KubeObject) => KubeObject
  /** The same of a pod. */
  createPod: (pod: KubeObject) => KubeObject
}

export function writerOf(registry: Registry, client: Client): Writer {
  const { store, kinds, now } = registry
  const tracked = (resource: string, old: KubeObject | undefined, next: KubeObject, subresource?: string) => {
    const kind = kinds.get(resource)
    const [, version] = groupVersion(next.apiVersion)
    return kind ? trackUpdate(kind, version, old, next, client, now(), subresource) : next
  }
  const write = (resource: string, object: KubeObject, subresource?: string) => {
    const { name, namespace } = object.metadata
    const current = store.get(resource, name, namespace)
    const isSame = current && isDeepStrictEqual(object, current)
    return isSame ? current : store.update(resource, current ? tracked(resource, current, object, subresource) : object)
  }
  return {
    create: (resource, object) => store.create(resource, tracked(resource, undefined, object)),
    update: (resource, object) => write(resource, object),
    updateStatus: (resource, object) => write(resource, object, 'status'),
    updateScale: (resource, object) => registry.update(resource, object, { manager: client, subresource: 'scale' }),
    createAs: (resource, object) => registry.create(resource, object, { manager: client }),
    createPod: (pod) => registry.create('pods', pod, { manager: client }),
  }
}
