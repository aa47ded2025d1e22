/** The ResourceQuota controller: how much of each quota is used. */
import { usedOf } from '../admission/quotas.ts'
import { quantityText } from '../schema/quantity.ts'
import { type Controller, keyOf, splitKey } from './controller.ts'

const quotas = 'resourcequotas'

export const quotaController: Controller = {
  name: 'resourcequota-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }, { store }) => {
    const { namespace } = object.metadata
    if (!namespace) return []
    const all = store.list(quotas, namespace).map(keyOf)
    return resource === quotas ? [...new Set([...all, keyOf(object)])] : all
  },
  reconcile: (key, { store, write }) => {
    const { namespace, name } = splitKey(key)
    const quota = store.get(quotas, name, namespace)
    if (!quota) return undefined
    const { hard = {} } = quota.spec as { hard?: Record<string, string> }
    const used = usedOf(quota, store)
    const texts = Object.keys(hard).map((one) => [one, quantityText(used.get(one) ?? { nanos: 0n, suffix: '' })])
    write.updateStatus(quotas, { ...quota, status: { hard, used: Object.fromEntries(texts) } })
    return undefined
  },
}
