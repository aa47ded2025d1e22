/** Causes in what carries the traffic: deployments, their pods, and who else answers for their services. */
import { hasSidecar, isInService, isPodOf } from '../conditions.ts'
import { type Item, nameOf } from '../kube.ts'
import { troubleOf } from '../pods.ts'
import { scriptOfStep } from '../words/lesson.ts'
import { type Cause, deletionOf, type State, selects } from './state.ts'

/** This step alone: the next one of its section would take the routes away. Starts anew what has no sidecar, too. */
const bookinfoAgain = `${scriptOfStep('bookinfo')} --only bookinfo`

export const notRunning: Cause = ({ deployments, pods, words }) =>
  deployments.flatMap((deployment) => {
    const name = nameOf(deployment)
    if (deployment.spec.replicas === 0) return [{ why: words.causes.scaledToZero(name), mend: bookinfoAgain }]
    if ((deployment.status?.availableReplicas ?? 0) > 0) return []
    const troubles = pods.filter((pod) => isPodOf(pod, name)).flatMap((pod) => troubleOf(pod, words) ?? [])
    const trouble = troubles[0] ?? refusalOf(deployment)
    return [{ why: words.causes.notAvailable(name, trouble), mend: bookinfoAgain }]
  })

/** Why no pod could even be created: a webhook that does not answer, a quota. */
function refusalOf(deployment: Item): string | undefined {
  const conditions: { type: string; status: string; message?: string }[] = deployment.status?.conditions ?? []
  return conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')?.message
}

export const withoutSidecar: Cause = ({ deployments, pods, words }) =>
  pods
    .filter((pod) => isInService(pod) && ownerOf(pod, deployments) && !hasSidecar(pod))
    .map((pod) => ({ why: words.causes.noSidecar(nameOf(pod)), mend: bookinfoAgain }))

/** A service sends to every pod that its selector chooses, whoever made it; and a subset goes by the pod's labels. */
export const otherPods: Cause = ({ deployments, services, pods, words: { causes } }) =>
  pods.filter(isInService).flatMap((pod) => {
    const chosenBy = services.filter(({ spec }) => spec.selector && selects(spec.selector, pod)).map(nameOf)
    if (chosenBy.length === 0) return []
    const owner = ownerOf(pod, deployments)
    const mend = deletionOf(pod)
    if (!owner) return [{ why: causes.otherPod(nameOf(pod), chosenBy.join(', ')), mend }]
    const labels: Record<string, string> = owner.spec.template.metadata?.labels ?? {}
    return Object.entries(labels)
      .filter(([name, value]) => pod.metadata?.labels?.[name] !== value)
      .map(([name, value]) => {
        const has = pod.metadata?.labels?.[name] ?? '<none>'
        return { why: causes.otherLabel(nameOf(pod), `${name}=${has}`, `${name}=${value}`), mend }
      })
  })

function ownerOf(pod: Item, deployments: State['deployments']): Item | undefined {
  return deployments.find((deployment) => isPodOf(pod, nameOf(deployment)))
}
