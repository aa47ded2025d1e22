/** The kubelet's static pods: started from files, whatever the API says, and shown in it by a mirror. */
import { initialStatus } from '../../admission/pods.ts'
import type { KubeObject } from '../../objects.ts'
import { type Controller, keyOf, splitKey } from '../controller.ts'
import { podCondition } from './status.ts'

/** A mirror that is deleted is made anew. */
export function staticPods(node: string, manifests: readonly KubeObject[]): Controller {
  const byKey = new Map(manifests.map((manifest) => [keyOf(manifest), manifest]))
  return {
    name: 'kubelet-static-pods',
    client: 'kubelet',
    keys: ({ type, resource, object }) => {
      if (resource === 'nodes' && object.metadata.name === node) return [...byKey.keys()]
      return type === 'DELETED' && resource === 'pods' && byKey.has(keyOf(object)) ? [keyOf(object)] : []
    },
    reconcile: (key, { store, write, now }) => {
      const manifest = byKey.get(key)
      const owner = store.get('nodes', node)
      const { namespace, name } = splitKey(key)
      if (!manifest || !owner || store.get('pods', name, namespace)) return undefined
      const reference = {
        apiVersion: 'v1',
        kind: 'Node',
        name: node,
        uid: owner.metadata.uid as string,
        controller: true,
      }
      const metadata = { ...manifest.metadata, ownerReferences: [reference] }
      const pod = initialStatus({ ...manifest, metadata })
      // Nobody but the file has placed it.
      const conditions = [podCondition('PodScheduled', 'True', now())]
      write.create('pods', { ...pod, status: { ...pod.status, conditions } })
      return undefined
    },
  }
}
