/** Kubernetes events: what happened to an object, counted where it happens again. */
import type { KubeObject } from '../objects.ts'
import { type Store, timestamp } from '../store/store.ts'
import { SimilarEvents } from './similar-events.ts'

export interface EventDetails {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
  /** `kubelet`, `default-scheduler`, `deployment-controller` ... */
  component: string
  /** The node, for what the kubelet reports. */
  host?: string
  /** `spec.containers{details}` */
  fieldPath?: string
}

/** kube-apiserver keeps events for one hour (--event-ttl). */
const EVENT_TTL_MS = 3_600_000
/** What is kept of a cluster where much happens. */
const MOST_EVENTS = 5000
/** Old events are looked for once in so many new ones. */
const CLEAN_EVERY = 200

/** How much of a writer it takes to write events. */
type EventWriter = Pick<Store, 'create' | 'update'>

/** A function for each writer that writes events into the store; the same one again raises its count. */
export function eventRecorder(
  store: Store,
  now: () => Date,
): (writer: EventWriter) => (about: KubeObject, details: EventDetails) => void {
  const known = new Map<string, { name: string; namespace: string }>()
  const similar = new SimilarEvents()
  let serial = 0
  return (writer) => (about, details) => {
    const time = now()
    const { key, message } = similar.combine(about, details, time)
    const { name, namespace = '' } = known.get(key) ?? {}
    const same = name && store.get('events', name, namespace)
    if (same) {
      writer.update('events', { ...same, message, count: same.count + 1, lastTimestamp: timestamp(time) })
      return
    }
    serial++
    if (serial % CLEAN_EVERY === 0) dropOld(store, known, time)
    // client-go names events by their time in nanoseconds, in hex; a serial number keeps them apart here.
    const nanoseconds = BigInt(time.getTime()) * 1_000_000n + BigInt(serial % 1_000_000)
    const event = newEvent(`${about.metadata.name}.${nanoseconds.toString(16)}`, about, { ...details, message }, time)
    known.set(key, { name: event.metadata.name, namespace: event.metadata.namespace as string })
    writer.create('events', event)
  }
}

function newEvent(name: string, about: KubeObject, details: EventDetails, time: Date): KubeObject {
  const { type, reason, message, component, host, fieldPath } = details
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: about.metadata.namespace ?? 'default' },
    involvedObject: {
      kind: about.kind,
      ...(about.metadata.namespace ? { namespace: about.metadata.namespace } : {}),
      name: about.metadata.name,
      uid: about.metadata.uid,
      apiVersion: about.apiVersion,
      resourceVersion: about.metadata.resourceVersion,
      ...(fieldPath ? { fieldPath } : {}),
    },
    reason,
    message,
    source: { component, ...(host ? { host } : {}) },
    firstTimestamp: timestamp(time),
    lastTimestamp: timestamp(time),
    count: 1,
    type,
    eventTime: null,
    reportingComponent: component,
    reportingInstance: host ?? '',
  }
}

function dropOld(store: Store, known: Map<string, { name: string; namespace: string }>, time: Date): void {
  const deadline = time.getTime() - EVENT_TTL_MS
  const byAge = store
    .list('events')
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
  const surplus = byAge.length - MOST_EVENTS
  for (const [index, event] of byAge.entries()) {
    const isOld = Date.parse(event.lastTimestamp ?? event.eventTime) < deadline
    if (isOld || index < surplus) store.remove('events', event.metadata.name, event.metadata.namespace)
  }
  for (const [identity, { name, namespace }] of known) if (!store.get('events', name, namespace)) known.delete(identity)
}
