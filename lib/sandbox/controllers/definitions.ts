/**
 * Custom resource definitions: accepted and established as soon as they are there; one that is to go stays until all
 * objects of its kind have gone (apiextensions-apiserver's pkg/controller).
 */
import { cleanup, definitions } from '../kinds/custom.ts'
import type { KubeObject } from '../objects.ts'
import { isTrue, type Said, withCondition } from './conditions.ts'
import { type Context, type Controller, splitKey } from './controller.ts'
import { deleteObject } from './delete.ts'

export const definitionController: Controller = {
  name: 'definition-controller',
  client: 'kube-apiserver',
  keys: ({ type, resource, object }, { store }) => {
    if (resource === definitions) return [`/${object.metadata.name}`]
    return type === 'DELETED' && isWaiting(store.get(definitions, resource)) ? [`/${resource}`] : []
  },
  reconcile: (key, context) => {
    const definition = context.store.get(definitions, splitKey(key).name)
    if (!definition) return undefined
    if (isWaiting(definition)) end(definition, context)
    else if (!isTrue(definition.status?.conditions, 'Established')) establish(definition, context)
    return undefined
  },
}

const named: Said = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
}
const established: Said = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
}
const ending: Said = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
}
const ended: Said = {
  type: 'Terminating',
  status: 'False',
  reason: 'InstanceDeletionCompleted',
  message: 'removed all instances',
}

function establish(definition: KubeObject, { write, now }: Context): void {
  const accepted = { ...definition, status: { ...definition.status, acceptedNames: definition.spec.names } }
  write.updateStatus(definitions, withCondition(withCondition(accepted, named, now()), established, now()))
}

function isWaiting(definition: KubeObject | undefined): boolean {
  const { deletionTimestamp, finalizers = [] } = definition?.metadata ?? {}
  return deletionTimestamp !== undefined && finalizers.includes(cleanup)
}

function end(definition: KubeObject, context: Context): void {
  const { store, write, now } = context
  const { name } = definition.metadata
  const current = write.updateStatus(definitions, withCondition(definition, ending, now()))
  for (const instance of store.list(name)) deleteObject(name, instance, context)
  if (store.count(name) === 0) letGo(current, context)
}

/** Others may still hold it. */
function letGo(definition: KubeObject, { store, write, now }: Context): void {
  const { name, finalizers = [], ...metadata } = definition.metadata
  const others = finalizers.filter((finalizer) => finalizer !== cleanup)
  if (others.length === 0) store.remove(definitions, name)
  else
    write.updateStatus(definitions, {
      ...withCondition(definition, ended, now()),
      metadata: { ...metadata, name, finalizers: others },
    })
}
