/** What the kubelet tells about a pod. */
import type { Context } from '../controller.ts'
import type { EventDetails } from '../events.ts'
import type { Node } from './node.ts'
import type { Pod } from './pod.ts'

export function report(
  pod: Pod,
  node: Node,
  context: Context,
  details: Pick<EventDetails, 'type' | 'reason' | 'message'> & { fieldPath?: string },
): void {
  context.record(pod, { ...details, component: 'kubelet', host: node.name })
}
