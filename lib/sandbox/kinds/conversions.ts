/** Objects in the API version that was asked for, and back in the one in which they are stored. */
import { memo } from '../memo.ts'
import { groupVersion, type KubeObject } from '../objects.ts'
import { rootSchema } from '../schema/built-in.ts'
import { prune } from '../schema/prune.ts'
import { fillBySchema } from '../schema/schema-defaults.ts'
import type { Kind } from './kind.ts'

interface Conversion {
  /** From what is stored. */
  show: (object: KubeObject) => KubeObject
  /** From what a client sent. */
  read: (object: KubeObject) => KubeObject
}

/** Where a version differs by more than its name, by API version and kind. */
const conversions: Readonly<Record<string, Conversion>> = {
  'events.k8s.io/v1 Event': {
    show: (event) => renamed(event, newNames),
    read: (event) => renamed(event, oldNames),
  },
  'autoscaling/v1 HorizontalPodAutoscaler': { show: withTarget, read: withMetrics },
}

export function asVersion(object: KubeObject, of: Kind, version: string): KubeObject {
  const { group, kind, custom } = of
  const apiVersion = group ? `${group}/${version}` : version
  if (custom) return customAs(apiVersion, readable(of)(object), of)
  if (object.apiVersion === apiVersion) return object
  const conversion = conversions[`${apiVersion} ${kind}`]
  return { ...(conversion ? conversion.show(object) : object), apiVersion }
}

/** A custom resource loses what the other version does not know; nothing else is converted. */
function customAs(apiVersion: string, object: KubeObject, kind: Kind): KubeObject {
  return object.apiVersion === apiVersion ? object : pruned({ ...object, apiVersion }, kind)
}

/**
 * A custom resource as its definition has it now, which may not be as it was when the object was stored: without what
 * the version in which it is stored does not know any more, and with the defaults of that version.
 */
const readable = memo((kind: Kind) =>
  memo((object: KubeObject) => fillBySchema(pruned(object, kind), schemaOf(object, kind)) as KubeObject),
)

function pruned(object: KubeObject, kind: Kind): KubeObject {
  return prune(object, schemaOf(object, kind)).value as KubeObject
}

function schemaOf({ apiVersion }: KubeObject, kind: Kind) {
  const [, version] = groupVersion(apiVersion)
  return rootSchema(kind, version)
}

/** @param kind by whose path it came */
export function asStored(object: KubeObject, { storedAs }: Kind): KubeObject {
  const conversion = conversions[`${object.apiVersion} ${object.kind}`]
  if (!conversion) return object
  return { ...conversion.read(object), apiVersion: storedAs ?? 'autoscaling/v2' }
}

/** A custom resource as its definition has it stored: which version it was written by is then no change of the object. */
export function inStorageVersion(object: KubeObject, kind: Kind): KubeObject {
  return kind.storageVersion === undefined ? object : customAs(`${kind.group}/${kind.storageVersion}`, object, kind)
}

/** The core Event's fields, and what events.k8s.io calls them. */
const newNames: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
}
const oldNames = Object.fromEntries(Object.entries(newNames).map(([old, name]) => [name, old]))

function renamed(object: KubeObject, names: Readonly<Record<string, string>>): KubeObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value])) as KubeObject
}

function withTarget({ spec, ...object }: KubeObject): KubeObject {
  const { metrics = [], behavior: _behavior, ...rest } = spec
  // biome-ignore lint/suspicious/noExplicitAny: a metric is known by the schema
  const cpu = metrics.find(({ resource }: any) => resource?.name === 'cpu')
  const target = cpu?.resource.target.averageUtilization
  return { ...object, spec: { ...rest, ...(target ? { targetCPUUtilizationPercentage: target } : {}) } } as KubeObject
}

function withMetrics({ spec, ...object }: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...rest } = spec
  const metric = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } },
  }
  return { ...object, spec: { ...rest, ...(target ? { metrics: [metric] } : {}) } } as KubeObject
}
