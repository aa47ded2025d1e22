/** The part of the node life cycle controller that marks a cordoned node with a taint, and takes the mark off again. */

import { timestamp } from '../store/store.ts'
import type { Controller } from './controller.ts'
import type { Taint } from './pods/taints.ts'

const cordoned = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

export const cordonController: Controller = {
  name: 'node-lifecycle-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }) => (resource === 'nodes' ? [object.metadata.name] : []),
  reconcile: (name, { store, write, now }) => {
    const node = store.get('nodes', name)
    const taints: Taint[] = node?.spec?.taints ?? []
    const others = taints.filter(({ key, effect }) => key !== cordoned.key || effect !== cordoned.effect)
    const [isMarked, isCordoned] = [others.length < taints.length, node?.spec?.unschedulable === true]
    if (!node || isMarked === isCordoned) return undefined
    const { taints: _before, ...spec } = node.spec
    const next = isCordoned ? [...taints, { ...cordoned, timeAdded: timestamp(now()) }] : others
    write.update('nodes', { ...node, spec: { ...spec, ...(next.length > 0 ? { taints: next } : {}) } })
    return undefined
  },
}
