/** The kubelet of the only node: takes the pods that were given to it through their life. */
import type { KubeObject } from '../../objects.ts'
import { type Change, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import { announceEnd, begin, hasPullFailure } from './containers.ts'
import { nextStep, pullPause, type Step, stepTime } from './lifecycle.ts'
import type { Node } from './node.ts'
import type { Pod, PodStatus } from './pod.ts'
import { report } from './report.ts'
import { accepted, ended, networked, withContainer, withoutAddress } from './status.ts'

interface Progress {
  uid: string
  step: string
  /** When the step is done, in milliseconds since 1970. */
  due: number
  attempt: number
}

export function kubelet(node: Node): Controller {
  // What is under way; after a restart each pod begins the step it was in again.
  const progress = new Map<string, Progress>()

  return {
    name: 'kubelet',
    client: 'kubelet',
    keys: (change, context) => concerned(change, context),
    reconcile(key, context) {
      const { namespace, name } = splitKey(key)
      const pod = context.store.get('pods', name, namespace) as Pod | undefined
      const step =
        pod?.spec.nodeName === node.name
          ? nextStep(pod, (resource, wanted) => context.store.get(resource, wanted, namespace) !== undefined)
          : undefined
      if (!pod || !step) {
        progress.delete(key)
        return undefined
      }
      const now = context.now().getTime()
      // The first pull of an image was part of another step.
      const attempt = step.name === 'pull' ? 1 : 0
      const identity = `${step.name} ${'container' in step ? step.container.name : ''}`
      let current = progress.get(key)
      if (current?.uid !== pod.metadata.uid || current?.step !== identity) {
        current = { uid: pod.metadata.uid as string, step: identity, due: now + stepTime(step, context.pace), attempt }
        progress.set(key, current)
        if (step.name === 'stop') announceEnd(pod, node, context)
      }
      if (current.due > now) return Number.isFinite(current.due) ? current.due - now : undefined
      const wait = carryOut(step, pod, node, context, current.attempt++)
      if (wait === undefined) progress.delete(key)
      else current.due = now + wait
      return wait === undefined || !Number.isFinite(wait) ? undefined : wait
    },
  }
}

/** A change of a pod concerns it; of a ConfigMap or Secret, the pods of its namespace that have not begun. */
function concerned({ type, resource, object }: Change, { store }: Context): string[] {
  if (resource === 'pods') return [keyOf(object)]
  if (type !== 'ADDED' || (resource !== 'configmaps' && resource !== 'secrets')) return []
  return store
    .list('pods', object.metadata.namespace)
    .filter((pod) => pod.status?.phase === 'Pending')
    .map(keyOf)
}

/** Returns the milliseconds after which to try again, where it did not succeed. */
function carryOut(step: Step, pod: Pod, node: Node, context: Context, attempt: number): number | undefined {
  const now = context.now()
  const write = (status: PodStatus) => context.write.updateStatus('pods', { ...pod, status })
  switch (step.name) {
    case 'accept':
      write(accepted(pod, node.ip, now))
      return undefined
    case 'mount':
      report(pod, node, context, {
        type: 'Warning',
        reason: 'FailedMount',
        message: `MountVolume.SetUp failed for volume "${step.volume}" : ${step.missing}`,
      })
      return Number.POSITIVE_INFINITY
    case 'initialize':
    case 'start':
    case 'pull': {
      const wanted = step.name === 'initialize' ? [step.container] : step.containers
      const addressed = { ...pod, status: withAddress(pod, node, context) }
      const begun = wanted.reduce((current, container) => begin(current, container, node, context, attempt), addressed)
      write(begun.status)
      return hasPullFailure(begun) ? pullPause(attempt, context.pace.pullBackOff) : undefined
    }
    case 'ready': {
      let ready = pod
      for (const { name, state } of pod.status.containerStatuses ?? [])
        if (state.running) ready = { ...ready, status: withContainer(ready, name, { ready: true }, now) }
      write(ready.status)
      return undefined
    }
    case 'stop':
      stop(pod, context)
      return undefined
  }
}

/** All states that the real kubelet writes, for whoever watches. */
function stop(pod: Pod, { store, write, now }: Context): void {
  const last = ended(pod, now())
  const gone = write.updateStatus('pods', { ...pod, status: withoutAddress(last) })
  const { metadata, ...rest } = write.updateStatus('pods', { ...gone, status: last })
  store.update('pods', { ...rest, metadata: { ...metadata, deletionGracePeriodSeconds: 0 } } as KubeObject)
  if (!metadata.finalizers?.length) store.remove('pods', metadata.name, metadata.namespace)
}

function withAddress(pod: Pod, node: Node, { store }: Context): PodStatus {
  if (pod.status.podIP) return pod.status
  const inUse = new Set(store.list('pods').map(({ status }) => status?.podIP as string))
  return networked(pod, node.nextPodIP(inUse))
}
