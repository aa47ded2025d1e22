/** Selectors of lists and watches: `app=reviews,version in (v1,v2)`, `status.phase!=Running`. */
import type { Kind } from '../kinds/kind.ts'
import { resourceName } from '../kinds/kind.ts'
import type { KubeObject, Labels } from '../objects.ts'
import { badRequest } from '../status.ts'

export type Matches = (object: KubeObject) => boolean

type Requirement = (labels: Labels) => boolean

const key = String.raw`[A-Za-z0-9][-\w./]*`
const value = String.raw`[-\w.]*`
const forms: readonly [RegExp, (name: string, values: string) => Requirement][] = [
  [new RegExp(`^!\\s*(${key})$`), (name) => (labels) => labels[name] === undefined],
  [new RegExp(`^(${key})$`), (name) => (labels) => labels[name] !== undefined],
  [new RegExp(`^(${key})\\s*!=\\s*(${value})$`), (name, other) => (labels) => labels[name] !== other],
  [new RegExp(`^(${key})\\s*==?\\s*(${value})$`), (name, wanted) => (labels) => labels[name] === wanted],
  [new RegExp(`^(${key})\\s*>\\s*(-?\\d+)$`), (name, bound) => (labels) => Number(labels[name]) > Number(bound)],
  [new RegExp(`^(${key})\\s*<\\s*(-?\\d+)$`), (name, bound) => (labels) => Number(labels[name]) < Number(bound)],
  [
    new RegExp(`^(${key})\\s+in\\s*\\(([^)]*)\\)$`),
    (name, list) => (labels) => labels[name] !== undefined && split(list).includes(labels[name]),
  ],
  [
    new RegExp(`^(${key})\\s+notin\\s*\\(([^)]*)\\)$`),
    (name, list) => (labels) => labels[name] === undefined || !split(list).includes(labels[name]),
  ],
]

/** @throws BadRequest */
export function labelSelector(text: string | null): Matches {
  if (!text?.trim()) return () => true
  // Commas part requirements, but not inside of parentheses.
  const requirements = text
    .split(/,(?![^(]*\))/)
    .filter((part) => part.trim() !== '')
    .map((part) => labelRequirement(part.trim()))
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}))
}

function labelRequirement(text: string): Requirement {
  for (const [form, requirement] of forms) {
    const [, name = '', values = ''] = form.exec(text) ?? []
    if (name !== '') return requirement(name, values)
  }
  throw badRequest(`unable to parse requirement: found '${text}', expected: '=', '!=', '==', 'in', 'notin', '>', '<'`)
}

function split(list: string): string[] {
  return list.split(',').map((part) => part.trim())
}

const everywhere = ['metadata.name', 'metadata.namespace']

/** Beside the name and namespace (GetAttrs of each kind's strategy in pkg/registry). */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  services: ['spec.clusterIP', 'spec.type'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
}

/** @throws BadRequest for a field that the kind does not select by */
export function fieldSelector(text: string | null, kind: Kind): Matches {
  if (!text) return () => true
  const own = selectable[resourceName(kind)]
  const requirements = text.split(',').map((part) => {
    const [, path = '', operator = '', wanted = ''] = /^(.*?)(!=|==?)(.*)$/.exec(part.trim()) ?? []
    if (operator === '') throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`)
    if (![...everywhere, ...(own ?? [])].includes(path)) throw badRequest(unknownField(path, kind, own !== undefined))
    return (object: KubeObject) => (fieldText(object, path) === wanted) === (operator !== '!=')
  })
  return (object) => requirements.every((holds) => holds(object))
}

function unknownField(path: string, { custom }: Kind, hasOwn: boolean): string {
  return custom || hasOwn
    ? `field label not supported: ${path}`
    : `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

function fieldText(object: KubeObject, path: string): string {
  if (path === 'source') return object.source?.component ?? object.reportingComponent ?? ''
  const found = path
    .split('.')
    .reduce<unknown>((at, field) => (at as Record<string, unknown> | undefined)?.[field], object)
  if (found === undefined || found === null)
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : ''
  return String(found)
}
