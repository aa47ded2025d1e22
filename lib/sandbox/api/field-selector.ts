/** Selectors of lists and watches by fields: `status.phase!=Running`. */
import type { Kind } from '../kinds/kind.ts'
import { resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { badRequest } from '../status.ts'

export type Matches = (object: KubeObject) => boolean

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
  'events.events.k8s.io': [
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'regarding.apiVersion',
    'regarding.resourceVersion',
    'regarding.fieldPath',
    'reason',
    'reportingController',
    'type',
  ],
  secrets: ['type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  replicationcontrollers: ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
}

/** Events are stored in the form of the core group, where fields have other names. */
const storedNames: readonly [RegExp, string][] = [
  [/^regarding\./, 'involvedObject.'],
  [/^reportingController$/, 'reportingComponent'],
]

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
  const found = storedNames
    .reduce((name, [pattern, stored]) => name.replace(pattern, stored), path)
    .split('.')
    .reduce<unknown>((at, field) => (at as Record<string, unknown> | undefined)?.[field], object)
  if (found === undefined || found === null)
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : ''
  return String(found)
}
