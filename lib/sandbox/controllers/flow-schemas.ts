/** FlowSchemas: whether the priority level that each names is there. */
import { withCondition } from './conditions.ts'
import type { Controller } from './controller.ts'

const schemas = 'flowschemas.flowcontrol.apiserver.k8s.io'
const levels = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'

export const flowSchemaController: Controller = {
  name: 'api-priority-and-fairness',
  client: 'kube-apiserver',
  keys: ({ resource, object }, { store }) => {
    if (resource === schemas) return [object.metadata.name]
    if (resource !== levels) return []
    return store
      .list(schemas)
      .filter(({ spec }) => spec.priorityLevelConfiguration?.name === object.metadata.name)
      .map(({ metadata }) => metadata.name)
  },
  reconcile: (name, { store, write, now }) => {
    const schema = store.get(schemas, name)
    if (!schema) return undefined
    const level: string = schema.spec.priorityLevelConfiguration?.name ?? ''
    const isThere = store.get(levels, level) !== undefined
    const found = isThere ? 'and it exists' : 'but there is no such object'
    const dangling = {
      type: 'Dangling',
      status: isThere ? ('False' as const) : ('True' as const),
      reason: isThere ? 'Found' : 'NotFound',
      message: `This FlowSchema references the PriorityLevelConfiguration object named "${level}" ${found}`,
    }
    write.updateStatus(schemas, withCondition(schema, dangling, now()))
    return undefined
  },
}
