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

/** What is kept of a cluster where much happens. */
const MOST_EVENTS = 5000
/** Whether there are more is looked at once in so many new ones. */
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
    if (serial % CLEAN_EVERY === 0) dropOldest(store, known)
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

/** Beyond what is kept; others go after a time, see expiry.ts. */
function dropOldest(store: Store, known: Map<string, { name: string; namespace: string }>): void {
  // With the one that comes.
  const surplus = store.count('events') + 1 - MOST_EVENTS
  if (surplus > 0) {
    const age = ({ metadata }: KubeObject) => Number(metadata.resourceVersion)
    const byAge = store.list('events').sort((a, b) => age(a) - age(b))
    for (const { metadata } of byAge.slice(0, surplus)) store.remove('events', metadata.name, metadata.namespace)
  }
  for (const [identity, { name, namespace }] of known) if (!store.get('events', name, namespace)) known.delete(identity)
}
