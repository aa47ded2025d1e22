/** Nobody gives others more than they have themselves: what is asked of who writes roles and bindings. */
import type { Kind } from '../kinds/kind.ts'
import { resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { notFound, StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'
import { authorize, type Rule, roleOf, rulesFor } from './access.ts'
import { administrator, type User } from './user.ts'

const group = 'rbac.authorization.k8s.io'
const roles: Readonly<Record<string, string>> = { Role: 'roles', ClusterRole: 'clusterroles' }
const bindings = ['RoleBinding', 'ClusterRoleBinding']

/** @throws Forbidden, or NotFound of the role that is to be given */
export function checkGrant(kind: Kind, object: KubeObject, user: User, store: Store): void {
  if (kind.group !== group || user === administrator) return
  const { name, namespace } = object.metadata
  const may = (verb: string, resource: string, of: string) =>
    authorize(store, user, { verb, group, resource, name: of, ...(namespace ? { namespace } : {}) }).allowed
  let rules: Rule[]
  if (bindings.includes(kind.kind)) {
    const { roleRef = {} } = object
    const resource = roles[roleRef.kind]
    if (!resource || may('bind', resource, roleRef.name)) return
    const role = roleOf(store, object)
    if (!role) throw notFound(`${resource}.${group}`, roleRef.name)
    rules = role.rules
  } else {
    if (may('escalate', kind.plural, name)) return
    rules = object.rules ?? []
  }
  const held = rulesFor(store, user, namespace ?? '').flatMap(brokenDown)
  const missing = rules.flatMap(brokenDown).filter((rule) => !held.some((own) => includes(own, rule)))
  if (missing.length > 0) throw refused(kind, name, user, missing)
}

/** Rules of one verb at one resource of one group, or at one path. */
function brokenDown({ verbs, apiGroups, resources, resourceNames, nonResourceURLs = [] }: Rule): Rule[] {
  const named = resourceNames?.length ? resourceNames.map((name) => ({ resourceNames: [name] })) : [{}]
  return verbs.flatMap((verb) => [
    ...(resources ?? []).flatMap((resource) =>
      (apiGroups ?? []).flatMap((apiGroup) =>
        named.map((names) => ({ verbs: [verb], apiGroups: [apiGroup], resources: [resource], ...names })),
      ),
    ),
    ...nonResourceURLs.map((url) => ({ verbs: [verb], nonResourceURLs: [url] })),
  ])
}

/** Both broken down: whether who has the one may do the other. */
function includes(own: Rule, asked: Rule): boolean {
  const covers = (mine: readonly string[] = [], wanted: readonly string[] = []) =>
    mine.includes('*') || wanted.every((one) => mine.includes(one))
  if (!covers(own.verbs, asked.verbs)) return false
  const [url] = asked.nonResourceURLs ?? []
  const [ownUrl] = own.nonResourceURLs ?? []
  if (url !== undefined || ownUrl !== undefined)
    return url !== undefined && ownUrl !== undefined && isPathWithin(url, ownUrl)
  const [resource = ''] = asked.resources ?? []
  const subresource = /\/.*/.exec(resource)?.[0]
  const isWhole = subresource !== undefined && own.resources?.includes(`*${subresource}`)
  const hasNames =
    !own.resourceNames?.length || (asked.resourceNames !== undefined && covers(own.resourceNames, asked.resourceNames))
  return covers(own.apiGroups, asked.apiGroups) && (isWhole || covers(own.resources, asked.resources)) && hasNames
}

function isPathWithin(url: string, own: string): boolean {
  return own === '*' || own === url || (own.endsWith('*') && url.startsWith(own.replace(/\*+$/, '')))
}

function refused(kind: Kind, name: string, { username, groups }: User, missing: readonly Rule[]): StatusError {
  const texts = [...new Set(compact(missing).map(ruleText))].sort()
  const listed = groups.map((one) => JSON.stringify(one)).join(' ')
  return new StatusError(
    403,
    'Forbidden',
    `${resourceName(kind)} ${JSON.stringify(name)} is forbidden: user ${JSON.stringify(username)} (groups=[${listed}]) is attempting to grant RBAC permissions not currently held:\n${texts.join('\n')}`,
    { name, group, kind: kind.plural },
  )
}

/** Verbs at the same resource are told together. */
function compact(rules: readonly Rule[]): Rule[] {
  const byPlace = new Map<string, Rule>()
  for (const rule of rules) {
    const { verbs, ...place } = rule
    const key = JSON.stringify(place)
    const known = byPlace.get(key)
    byPlace.set(key, known ? { ...known, verbs: [...known.verbs, ...verbs] } : rule)
  }
  return [...byPlace.values()]
}

function ruleText({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Rule): string {
  const parts: [string, readonly string[] | undefined][] = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['ResourceNames', resourceNames],
    ['NonResourceURLs', nonResourceURLs],
    ['Verbs', verbs],
  ]
  const shown = parts
    .filter(([, values]) => values?.length)
    .map(([name, values]) => `${name}:[${(values ?? []).map((value) => JSON.stringify(value)).join(' ')}]`)
  return `{${shown.join(', ')}}`
}
