/** What the pods of a namespace say about themselves when they do not become ready. */
import { type Item, type Kube, nameOf, resources } from './kube.ts'
import type { Words } from './words/en.ts'

interface ContainerState {
  waiting?: { reason?: string; message?: string }
  terminated?: { reason?: string; exitCode: number }
}

/** One sentence a pod that is not ready; empty where all are, or where nothing can be read. */
export async function podTroubles(kube: Kube, words: Words, namespace?: string): Promise<string[]> {
  const { items } = await kube.list(resources.pods, namespace).catch(() => ({ items: [] as Item[] }))
  return items.flatMap((pod) => {
    const trouble = troubleOf(pod, words)
    return trouble ? [words.pods.trouble(nameOf(pod), trouble)] : []
  })
}

/** Why a pod is not ready, in the words of the scheduler or the kubelet. */
export function troubleOf(pod: Item, { pods: say }: Words): string | undefined {
  const conditions: { type: string; status: string; message?: string }[] = pod.status?.conditions ?? []
  if (pod.status?.phase === 'Succeeded' || conditions.some(({ type, status }) => type === 'Ready' && status === 'True'))
    return
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
