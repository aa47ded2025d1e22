/** What the pods of a namespace say about themselves when they do not become ready. */
import { type Item, isTrue, type Kube, nameOf, type Resource, resources } from './kube.ts'
import type { Words } from './words/en.ts'

interface ContainerState {
  waiting?: { reason?: string; message?: string }
  terminated?: { reason?: string; exitCode: number }
}

/** One sentence a pod that is not ready; empty where all are, or where nothing can be read. */
export async function podTroubles(kube: Kube, words: Words, namespace?: string): Promise<string[]> {
  const read = async (resource: Resource) => (await kube.list(resource, namespace).catch(() => ({ items: [] }))).items
  const troubled = (await read(resources.pods)).flatMap((pod) => {
    const trouble = troubleOf(pod, words)
    return trouble ? [{ pod, trouble }] : []
  })
  if (troubled.length === 0) return []
  const events = await read(resources.events)
  return troubled.map(({ pod, trouble }) => {
    const warning = lastWarning(events, pod, trouble)
    const all = warning && !trouble.includes(warning) ? `${trouble}: ${warning}` : trouble
    return words.pods.trouble(nameOf(pod), all)
  })
}

/** What only says again that something failed, and not why. */
const WITHOUT_REASON = /^(Error: |Back-off )/

/** A container that is to be tried again no longer says why it failed; the pod's events do. */
function lastWarning(events: readonly Item[], pod: Item, trouble: string): string | undefined {
  if (pod.metadata?.deletionTimestamp) return
  const warnings: string[] = events
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject?.uid === pod.metadata?.uid)
    .sort((a, b) => timeOf(a) - timeOf(b))
    .map(({ message }) => message ?? '')
    .filter((message) => message && !WITHOUT_REASON.test(message))
  // Other containers of the pod complain, too.
  const ofImage = /ImagePull/.test(trouble) ? warnings.filter((message) => /image/.test(message)) : []
  return ofImage.at(-1) ?? warnings.at(-1)
}

function timeOf({ lastTimestamp, eventTime, metadata }: Item): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '')
}

/** Why a pod is not ready, in the words of the scheduler or the kubelet. */
export function troubleOf(pod: Item, { pods: say }: Words): string | undefined {
  const conditions: { type: string; status: string; message?: string }[] = pod.status?.conditions ?? []
  if (pod.status?.phase === 'Succeeded' || isTrue(pod, 'Ready')) return
  const unscheduled = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  if (unscheduled) return `Pending: ${unscheduled.message ?? say.unscheduled}`
  const containers: { name: string; state?: ContainerState }[] = [
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.containerStatuses ?? []),
  ]
  for (const { name, state } of containers) {
    const { waiting, terminated } = state ?? {}
    if (waiting?.reason && waiting.reason !== 'PodInitializing')
      return say.container(name, [waiting.reason, waiting.message].filter(Boolean).join(': '))
    if (terminated && terminated.exitCode !== 0) return say.container(name, say.endedWith(terminated.exitCode))
  }
  return pod.metadata?.deletionTimestamp ? 'Terminating' : (pod.status?.phase ?? 'Unknown')
}
