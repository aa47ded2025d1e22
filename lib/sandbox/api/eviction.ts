/** Evictions: deletions of pods that disruption budgets may forbid (pkg/registry/core/pod/storage/eviction.go). */
import { isReady } from '../controllers/pods/pod.ts'
import type { KubeObject } from '../objects.ts'
import { selects } from '../selectors.ts'
import { badRequest, StatusError } from '../status.ts'
import { bodyKind, readAs } from './bodies.ts'
import { type Answer, type Ask, done, type Server } from './exchange.ts'
import type { Target } from './target.ts'

const evictions = bodyKind('policy', 'Eviction')
const budgets = 'poddisruptionbudgets.policy'

/** @throws BadRequest, NotFound, TooManyRequests */
export async function evict({ name = '', namespace }: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { metadata, deleteOptions = {} } = (await readAs(evictions, ask)) as KubeObject & { deleteOptions?: Options }
  if (metadata?.name !== name) throw badRequest('name in URL does not match name in Eviction object')
  const pod = registry.get('pods', name, namespace)
  const { store } = registry
  const dryRun = [...(deleteOptions.dryRun ?? []), ...ask.query.getAll('dryRun')].length > 0
  const covering = isDisrupted(pod)
    ? store.list(budgets, namespace).filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
    : []
  if (covering.length > 1)
    throw new StatusError(
      500,
      undefined,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    )
  const [budget] = covering
  if (budget && isCounted(pod, budget)) {
    checkAllowed(budget)
    if (!dryRun) {
      const { disruptionsAllowed } = budget.status
      store.update(budgets, { ...budget, status: { ...budget.status, disruptionsAllowed: disruptionsAllowed - 1 } })
    }
  }
  registry.delete('pods', name, namespace, { ...deleteOptions, dryRun })
  return done(201)
}

interface Options {
  dryRun?: string[]
}

/** Who has ended, or has not begun, is missed by nobody. */
function isDisrupted({ metadata, status }: KubeObject): boolean {
  return !metadata.deletionTimestamp && !['Succeeded', 'Failed', 'Pending'].includes(status?.phase)
}

/** One that is not ready may go as long as there are enough that are. */
function isCounted(pod: KubeObject, { spec, status }: KubeObject): boolean {
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
  const isIfHealthy = desiredHealthy > 0 && currentHealthy >= desiredHealthy
  return isReady(pod) || !(spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || isIfHealthy)
}

function checkAllowed({ metadata, status }: KubeObject): void {
  const { name, generation = 1 } = metadata
  const { disruptionsAllowed = 0, desiredHealthy, currentHealthy, observedGeneration = 0 } = status ?? {}
  if (observedGeneration < generation)
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, 10)
  if (disruptionsAllowed > 0) return
  throw tooMany(
    `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
  )
}

function tooMany(message: string, retryAfterSeconds?: number): StatusError {
  return new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  })
}
