/** The kubelet of the only node: takes the pods that were given to it through their life. */
import { type Change, type Context, type Controller, keyOf, splitKey } from '../controller.ts'
import type { Pace } from '../pace.ts'
import { announceEnd, announceFailure, backOff, begin } from './containers.ts'
import { deadlineOf, nextSteps, pullPause, type Step, stepTime } from './lifecycle.ts'
import type { Node } from './node.ts'
import type { Container, ContainerStatus, Pod, PodStatus } from './pod.ts'
import { isErrored, PASSED, type ProbeTimes, timesOf, verdictOn } from './probes.ts'
import { courseOf, lastWordsOf } from './programs.ts'
import { findFor, isSource, refersTo } from './references.ts'
import { rejectionOf } from './rejection.ts'
import { report } from './report.ts'
import {
  accepted,
  ended,
  expired,
  isToEnd,
  networked,
  reconsidered,
  rejected,
  statusOf,
  stoppedContainer,
  withContainer,
  withLastWords,
  withoutAddress,
} from './status.ts'

/** In which an answer to a probe comes. */
const ANSWER_MS = 1

interface Progress {
  step: Step
  /** When the step is done, in milliseconds since 1970. */
  due: number
  attempt: number
}

export function kubelet(node: Node): Controller {
  // What is under way, by pod and step; after a restart each pod begins the steps it was in again.
  const progress = new Map<string, Map<string, Progress>>()
  let lastStart = 0

  /** When a step that begins now, or at its turn, is done, in milliseconds since 1970. */
  function dueOf(step: Step, pod: Pod, now: number, pace: Pace): number {
    if (step.name !== 'start') return now + stepTime(step, pod, pace)
    lastStart = Math.max(now, lastStart + pace.apart)
    return lastStart + stepTime(step, pod, pace)
  }

  return {
    name: 'kubelet',
    client: 'kubelet',
    keys: (change, context) => concerned(change, context),
    reconcile(key, context) {
      const { namespace, name } = splitKey(key)
      const pod = context.store.get('pods', name, namespace) as Pod | undefined
      const now = context.now().getTime()
      const steps = pod?.spec.nodeName === node.name ? nextSteps(pod, findFor(pod, context), now) : []
      if (!pod || steps.length === 0) {
        progress.delete(key)
        return pod && soonest([deadlineOf(pod)], now)
      }
      const before = progress.get(key)
      const current = new Map<string, Progress>()
      for (const step of steps) {
        const id = identity(step, pod)
        const known = before?.get(id)
        if (!known) announceEnd(step, pod, node, context)
        // The first pull of an image was part of another step.
        const attempt = known?.attempt ?? (step.name === 'pull' ? 1 : 0)
        current.set(id, { step, due: known?.due ?? dueOf(step, pod, now, context.pace), attempt })
      }
      progress.set(key, current)
      for (const [id, due] of current) {
        if (due.due > now) continue
        const wait = carryOut(due.step, pod, node, context, due.attempt)
        // Who has not answered yet has not failed.
        if (wait !== ANSWER_MS) due.attempt++
        if (wait === undefined) current.delete(id)
        else due.due = now + wait
        // It has changed the pod: the others are looked at with that.
        break
      }
      return soonest([...[...current.values()].map(({ due }) => due), deadlineOf(pod)], now)
    },
  }
}

function identity(step: Step, { metadata: { uid } }: Pod): string {
  const names = 'containers' in step ? step.containers.map(({ name }) => name) : []
  return [uid, step.name, ...names].join(' ')
}

/** Milliseconds until the first of these times. */
function soonest(times: readonly number[], now: number): number | undefined {
  const first = Math.min(...times)
  return Number.isFinite(first) ? Math.max(0, first - now) : undefined
}

/** A change of a pod concerns it; of a ConfigMap or Secret, the pods that refer to it. */
function concerned({ type, resource, object }: Change, { store }: Context): string[] {
  if (resource === 'pods') return [keyOf(object)]
  if (type === 'DELETED' || !isSource(resource)) return []
  const { name, namespace } = object.metadata
  return store
    .list('pods', namespace)
    .filter((pod) => refersTo(pod as Pod, resource, name))
    .map(keyOf)
}

/** Returns the milliseconds after which to try again, where it did not succeed. */
function carryOut(step: Step, pod: Pod, node: Node, context: Context, attempt: number): number | undefined {
  const now = context.now()
  const write = (status: PodStatus) => context.write.updateStatus('pods', { ...pod, status })
  switch (step.name) {
    case 'accept': {
      const { store } = context
      const self = store.get('nodes', node.name)
      const rejection = self && rejectionOf(pod, self, store.list('pods'))
      if (rejection) report(pod, node, context, { type: 'Warning', ...rejection })
      write(rejection ? rejected(pod, rejection, now) : accepted(pod, node.ip, now))
      return undefined
    }
    case 'mount':
      for (const { volume, missing } of step.volumes)
        report(pod, node, context, {
          type: 'Warning',
          reason: 'FailedMount',
          message: `MountVolume.SetUp failed for volume "${volume}" : ${missing}`,
        })
      return Number.POSITIVE_INFINITY
    case 'initialize':
    case 'start':
    case 'pull':
    case 'configure':
    case 'restart': {
      const addressed = { ...pod, status: withAddress(pod, node, context) }
      const begun = step.containers.reduce((now, container) => begin(now, container, node, context, attempt), addressed)
      write(begun.status)
      return retryPause[step.name]?.(attempt, context.pace.backOff)
    }
    case 'replace': {
      const [container] = step.containers as [Container]
      const former = stoppedContainer(pod, statusOf(pod, container.name) as ContainerStatus, now)
      const stopped = { ...pod, status: withContainer(pod, container.name, former, now) }
      write(begin(stopped, container, node, context, attempt).status)
      return undefined
    }
    case 'backOff':
      write(step.containers.reduce((current, container) => backOff(current, container, node, context), pod).status)
      return undefined
    case 'live':
      return examine(step.containers as [Container], 'liveness', pod, node, context, attempt)
    case 'end': {
      const [container] = step.containers as [Container]
      const status = statusOf(pod, container.name) as ContainerStatus
      const course = courseOf(container, { pod, find: findFor(pod, context) })
      const ended = stoppedContainer(pod, status, now, course.end?.exitCode)
      const last = withLastWords(ended, lastWordsOf(container, course))
      const isDone = isToEnd(pod, container) && course.end?.exitCode === 0
      write(withContainer(pod, container.name, { ...last, ready: isDone }, now))
      return undefined
    }
    case 'startup': {
      const [first] = step.containers as [Container]
      if (verdictOn(pod, first, 'startup') !== PASSED) return examine([first], 'startup', pod, node, context, attempt)
      const started = (current: Pod, { name }: Container) => ({
        ...current,
        status: withContainer(current, name, { started: true }, now),
      })
      write(step.containers.reduce(started, pod).status)
      return undefined
    }
    case 'ready':
      return probe(step.containers, pod, node, context)
    case 'stop':
      stop(ended(pod, now), pod, context)
      return undefined
    case 'expire':
      stop(expired(pod, now), pod, context)
      return undefined
    case 'remove':
      remove(pod, context)
      return undefined
  }
}

/** Asks a container that fails, and ends it when it has failed too often. Returns as carryOut does. */
function examine(
  [container]: [Container],
  probe: 'startup' | 'liveness',
  pod: Pod,
  node: Node,
  context: Context,
  attempt: number,
): number | undefined {
  const { period, most } = timesOf(container, probe) as ProbeTimes
  const now = context.now()
  const verdict = verdictOn(pod, container, probe)
  if (isErrored(verdict)) {
    tellUnhealthy(verdict as string, container, pod, node, context)
    return period * 1000
  }
  if (attempt >= most) {
    const stopped = stoppedContainer(pod, statusOf(pod, container.name) as ContainerStatus, now)
    context.write.updateStatus('pods', { ...pod, status: withContainer(pod, container.name, stopped, now) })
    return undefined
  }
  if (verdict === undefined) return ANSWER_MS
  if (verdict === PASSED) return undefined
  tellUnhealthy(verdict, container, pod, node, context)
  if (attempt + 1 < most) return period * 1000
  announceFailure(container, probe, pod, node, context)
  return context.pace.stop
}

function tellUnhealthy(message: string, { name }: Container, pod: Pod, node: Node, context: Context): void {
  const fieldPath = `spec.containers{${name}}`
  report(pod, node, context, { type: 'Warning', reason: 'Unhealthy', message, fieldPath })
}

/** Those whose probes pass are ready; the others are asked again. */
function probe(asked: readonly Container[], pod: Pod, node: Node, context: Context): number | undefined {
  const verdicts = asked.map((container) => ({ container, verdict: verdictOn(pod, container, 'readiness') }))
  if (verdicts.some(({ verdict }) => verdict === undefined)) return ANSWER_MS
  const failed = verdicts.filter(({ verdict }) => verdict)
  for (const { container, verdict } of failed) tellUnhealthy(verdict as string, container, pod, node, context)
  let ready = { ...pod, status: reconsidered(pod, context.now()) }
  for (const { container, verdict } of verdicts)
    if (!verdict) ready = { ...ready, status: withContainer(ready, container.name, { ready: true }, context.now()) }
  context.write.updateStatus('pods', ready)
  if (failed.length === 0) return undefined
  return Math.min(...failed.map(({ container }) => container.readinessProbe.periodSeconds * 1000))
}

/** After which to try again what may fail again. */
const retryPause: Readonly<Partial<Record<Step['name'], (attempt: number, backOff: number) => number>>> = {
  pull: pullPause,
  configure: (_attempt, backOff) => backOff,
}

/** All states that the real kubelet writes, for whoever watches. */
function stop(last: PodStatus, pod: Pod, { write }: Context): void {
  const gone = write.updateStatus('pods', { ...pod, status: withoutAddress(last) })
  write.updateStatus('pods', { ...gone, status: last })
}

function remove(pod: Pod, { store }: Context): void {
  const { name, namespace, finalizers } = pod.metadata
  store.update('pods', { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: 0 } })
  if (!finalizers?.length) store.remove('pods', name, namespace)
}

function withAddress(pod: Pod, node: Node, { store }: Context): PodStatus {
  if (pod.status.podIP) return pod.status
  const inUse = new Set(store.list('pods').map(({ status }) => status?.podIP as string))
  return networked(pod, node.nextPodIP(inUse))
}
