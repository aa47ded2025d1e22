/** The annotation in which kubectl's client-side apply notes what it applied. */
import type { Schema } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import type { Config } from './apply-config.ts'
import { difference, type Fields, noFields, union } from './field-set.ts'
import { compareFields, fieldsOf } from './fields-of.ts'
import { parseJson } from './json.ts'
import { isObject } from './merge-patch.ts'
import { sortedJson } from './sorted-json.ts'

const annotation = 'kubectl.kubernetes.io/last-applied-configuration'

export function hasLastApplied({ metadata }: KubeObject): boolean {
  return Boolean(metadata.annotations?.[annotation])
}

/** The fields that were applied client-side and still are as they were applied. */
export function lastAppliedFields(live: KubeObject, schema: Schema): Fields {
  const applied = parse(live.metadata.annotations?.[annotation] ?? '')
  if (!isObject(applied) || applied.apiVersion !== live.apiVersion) return noFields()
  const { added, modified, removed } = compareFields(applied, live, schema)
  return difference(fieldsOf(applied, schema), union(union(added, modified), removed))
}

function parse(text: string): unknown {
  try {
    return parseJson(text).value
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** With the annotation telling of this configuration. */
export function withLastApplied(object: KubeObject, config: Config): KubeObject {
  const { annotations, ...metadata } = config.metadata ?? {}
  const { [annotation]: _old, ...others } = (annotations ?? {}) as Record<string, string>
  const applied = { ...config, metadata: { ...(annotations ? { annotations: others } : {}), ...metadata } }
  const noted = { ...object.metadata.annotations, [annotation]: `${sortedJson(applied)}\n` }
  return { ...object, metadata: { ...object.metadata, annotations: noted } }
}
