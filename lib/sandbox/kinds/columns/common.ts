/** What columns of several kinds share. */
import type { KubeObject } from '../../objects.ts'
import { descriptionsOf } from '../../schema/data.ts'
import type { LabelSelector } from '../../selectors.ts'
import type { Column } from '../kind.ts'

type Value = Column['value']

export function column(name: string, value: Value, options: Partial<Column> = {}): Column {
  // As in Go, where a spec that nobody gave is one without content.
  const shown: Value = (object, now) => value({ spec: {}, ...object }, now)
  return { name, type: 'string', format: '', description: '', priority: 0, value: shown, ...options }
}

export const integer = (name: string, value: Value) => column(name, value, { type: 'integer' })
export const flag = (name: string, value: Value) => column(name, value, { type: 'boolean' })

/** Shown only with `-o wide`. */
export function wide(name: string, value: Value, options: Partial<Column> = {}): Column {
  return column(name, value, { ...options, priority: 1 })
}

const metadata = (field: string) => descriptionsOf('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')[field] ?? ''

export const nameColumn: Column = {
  ...column('Name', ({ metadata: { name } }) => name, { format: 'name' }),
  get description() {
    return metadata('name')
  },
}

export const age: Column = {
  ...column('Age', ({ metadata: { creationTimestamp } }, now) => since(creationTimestamp, now)),
  get description() {
    return metadata('creationTimestamp')
  },
}

/** `5m12s` since a moment, or `<unknown>`. */
export function since(timestamp: string | null | undefined, now: Date): string {
  return timestamp ? humanDuration((now.getTime() - Date.parse(timestamp)) / 1000) : '<unknown>'
}

/** Seconds as kubectl shows them: k8s.io/apimachinery/pkg/util/duration, HumanDuration. */
export function humanDuration(duration: number): string {
  const seconds = Math.floor(duration)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (days < 8) return both(days, 'd', hours % 24, 'h')
  if (days < 730) return `${days}d`
  const years = Math.floor(days / 365)
  return years < 8 ? both(years, 'y', days % 365, 'd') : `${years}y`
}

function both(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}

/** Images, names: `a,b`, or `<none>`. */
export function joined(values: readonly string[]): string {
  return values.length === 0 ? '<none>' : values.join(',')
}

interface PodSpec {
  containers?: { name: string; image: string }[]
}

/** @param pod its spec in the object, where it has one */
export const containersAndImages = (pod: (object: KubeObject) => PodSpec | undefined): Column[] => {
  const containers = (object: KubeObject) => pod(object)?.containers ?? []
  return [
    wide('Containers', (object) =>
      containers(object)
        .map(({ name }) => name)
        .join(','),
    ),
    wide('Images', (object) =>
      containers(object)
        .map(({ image }) => image)
        .join(','),
    ),
  ]
}

/** `app=reviews,tier in (a,b)` as metav1.FormatLabelSelector writes it; `<none>` for an empty one. */
export function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }))
  const operators: Record<string, (key: string, values: string) => string> = {
    In: (key, values) => `${key} in (${values})`,
    NotIn: (key, values) => `${key} notin (${values})`,
    Exists: (key) => key,
    DoesNotExist: (key) => `!${key}`,
  }
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => ({
    key,
    text: operators[operator]?.(key, [...values].sort().join(',')) ?? key,
  }))
  return joined([...labels, ...expressions].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ text }) => text))
}

/** A Service's selector: `app=a,b=c`, or `<none>`. */
export function labelsText(labels: Record<string, string> | undefined): string {
  return joined(
    Object.entries(labels ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`),
  )
}
