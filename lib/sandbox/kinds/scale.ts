/** The scale of an object: how many replicas it asks for, how many it has, and which they are. */
import type { KubeObject } from '../objects.ts'
import { labelsText, selectorText } from './columns/common.ts'
import { readPath } from './json-path.ts'
import { type Kind, resourceName } from './kind.ts'

/** Where in a kind's objects its scale is. */
export interface ScalePaths {
  spec: string
  status: string
  /** Where a text selects the replicas; built-in kinds have a selector instead. */
  selector?: string
}

const builtIn: ScalePaths = { spec: '.spec.replicas', status: '.status.replicas' }

export function scalePaths({ kind, version }: { kind: Kind; version: string }): ScalePaths {
  return kind.scale?.(version) ?? builtIn
}

/** How the API names the subresource of a kind where an object is not there. */
export function scaleResource(kind: Kind): string {
  if (kind.custom) return resourceName(kind)
  const group = kind.kind === 'ReplicationController' ? 'autoscaling' : kind.group
  return `${kind.plural}/scale.${group}`
}

/** What the subresource `scale` shows. */
export interface Scale extends KubeObject {
  spec: { replicas?: number }
  status: { replicas: number; selector?: string }
}

export function scaleOf(object: KubeObject, paths: ScalePaths): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = readPath(object, paths.spec) as number | undefined
  const selector = paths === builtIn ? selectorOf(object) : paths.selector && readPath(object, paths.selector)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    spec: replicas ? { replicas } : {},
    status: {
      replicas: (readPath(object, paths.status) as number | undefined) ?? 0,
      ...(selector ? { selector: selector as string } : {}),
    },
  }
}

/** A ReplicationController's are the labels themselves. */
function selectorOf({ kind, spec }: KubeObject): string {
  return kind === 'ReplicationController' ? labelsText(spec.selector) : selectorText(spec.selector)
}

/** @param replicas undefined to leave them out */
export function withReplicas(object: KubeObject, { spec }: ScalePaths, replicas: number | undefined): KubeObject {
  return withValue(object, spec, replicas)
}

/** The object with another value at a path of plain fields, or without any. */
function withValue(object: KubeObject, path: string, value: unknown): KubeObject {
  const [field = '', ...rest] = path.split('.').filter(Boolean)
  const within = rest.length === 0 ? value : withValue(object[field] ?? {}, rest.join('.'), value)
  const { [field]: _before, ...others } = object
  return within === undefined ? (others as KubeObject) : { ...object, [field]: within }
}
