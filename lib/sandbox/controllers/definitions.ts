/** Custom resource definitions: accepted and established as soon as they are there. */
import { timestamp } from '../store/store.ts'
import { type Condition, isTrue } from './conditions.ts'
import { type Controller, splitKey } from './controller.ts'

const definitions = 'customresourcedefinitions.apiextensions.k8s.io'

export const definitionController: Controller = {
  name: 'definition-controller',
  client: 'kube-apiserver',
  keys: ({ resource, object }) => (resource === definitions ? [`/${object.metadata.name}`] : []),
  reconcile: (key, { store, write, now }) => {
    const definition = store.get(definitions, splitKey(key).name)
    if (!definition || isTrue(definition.status?.conditions, 'Established')) return undefined
    const { names, versions } = definition.spec
    const accepted = (type: string, reason: string, message: string): Condition => ({
      lastTransitionTime: timestamp(now()),
      message,
      reason,
      status: 'True',
      type,
    })
    write.updateStatus(definitions, {
      ...definition,
      status: {
        acceptedNames: names,
        conditions: [
          accepted('NamesAccepted', 'NoConflicts', 'no conflicts found'),
          accepted('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
        ],
        storedVersions: versions
          .filter(({ storage }: { storage: boolean }) => storage)
          .map(({ name }: { name: string }) => name),
      },
    })
    return undefined
  },
}
