/** PodDisruptionBudgets: how many pods may go now. The sandbox counts; it evicts nobody. */

import { selects } from '../selectors.ts'
import { timestamp } from '../store/store.ts'
import { type Controller, keyOf, splitKey } from './controller.ts'
import { controllerOf } from './owners.ts'
import { isActive, isReady } from './pods/pod.ts'

const budgets = 'poddisruptionbudgets.policy'

export const disruptionController: Controller = {
  name: 'disruption-controller',
  client: 'kube-controller-manager',
  keys: ({ resource, object }, { store }) => {
    if (resource === budgets) return [keyOf(object)]
    if (resource !== 'pods') return []
    return store
      .list(budgets, object.metadata.namespace)
      .filter(({ spec }) => selects(spec.selector, object.metadata.labels))
      .map(keyOf)
  },
  reconcile: (key, { store, write, now, dependents, record }) => {
    const { namespace, name } = splitKey(key)
    const budget = store.get(budgets, name, namespace)
    if (!budget) return undefined
    const { minAvailable, maxUnavailable, selector } = budget.spec
    // Those that end are expected as long as they are there.
    const pods = store.list('pods', namespace).filter((pod) => selects(selector, pod.metadata.labels))
    if (pods.length === 0)
      record(budget, {
        type: 'Normal',
        reason: 'NoPods',
        message: 'No matching pods found',
        component: 'controllermanager',
      })
    const owners = new Set(pods.map((pod) => controllerOf(pod)?.uid))
    const wanted = [...owners].reduce((sum, uid) => sum + (dependents.find(uid ?? '')?.object.spec?.replicas ?? 1), 0)
    const expectedPods = pods.length === 0 || typeof minAvailable === 'number' ? pods.length : wanted
    const desiredHealthy =
      maxUnavailable === undefined
        ? amount(minAvailable ?? 0, expectedPods)
        : Math.max(0, expectedPods - amount(maxUnavailable, expectedPods))
    const currentHealthy = pods.filter((pod) => isActive(pod) && isReady(pod)).length
    const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy)
    const [status, reason] = disruptionsAllowed > 0 ? ['True', 'SufficientPods'] : ['False', 'InsufficientPods']
    const before = budget.status?.conditions?.[0]
    const observedGeneration = budget.metadata.generation ?? 1
    write.updateStatus(budgets, {
      ...budget,
      status: {
        conditions: [
          {
            lastTransitionTime: before?.status === status ? before?.lastTransitionTime : timestamp(now()),
            message: '',
            observedGeneration,
            reason,
            status,
            type: 'DisruptionAllowed',
          },
        ],
        currentHealthy,
        desiredHealthy,
        disruptionsAllowed,
        expectedPods,
        observedGeneration,
      },
    })
    return undefined
  },
}

/** `50%` of the pods, rounded up, or a number. */
function amount(value: string | number, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100)
}
