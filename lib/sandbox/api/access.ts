/** What somebody may do, by the roles and bindings that the store holds (RBAC). */
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'
import type { Ask } from './exchange.ts'
import { isTrue } from './list-options.ts'
import { resourcePath } from './path.ts'
import type { User } from './user.ts'

interface ResourceAttributes {
  verb: string
  group: string
  /** The plural. */
  resource: string
  subresource?: string | undefined
  name?: string | undefined
  /** undefined: of the whole cluster */
  namespace?: string | undefined
}

/** What is asked for: something of a resource, or a path beside them. */
export type Attributes = ResourceAttributes | { verb: string; path: string }

export interface Decision {
  allowed: boolean
  /** Who allowed it, or what was in the way; '' where nobody has said anything. */
  reason: string
}

export interface Rule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}

interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount'
  name: string
  namespace?: string
}

/** Of whom nothing is asked. */
const MASTERS = 'system:masters'

export function authorize(store: Store, user: User, attributes: Attributes): Decision {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' }
  const namespace = 'path' in attributes ? undefined : attributes.namespace
  const missing: string[] = []
  for (const { binding, subject, rules } of grants(store, user, namespace)) {
    if (rules === undefined) missing.push(missingRole(binding))
    else if (rules.some((rule) => covers(rule, attributes)))
      return { allowed: true, reason: `RBAC: allowed by ${bindingText(binding, subject)}` }
  }
  const reason =
    missing.length > 1 ? `RBAC: [${[...new Set(missing)].join(', ')}]` : missing.map((text) => `RBAC: ${text}`).join('')
  return { allowed: false, reason }
}

/** All that somebody may do in a namespace. */
export function rulesFor(store: Store, user: User, namespace: string): Rule[] {
  return [...grants(store, user, namespace)].flatMap(({ rules }) => rules ?? [])
}

interface Grant {
  binding: KubeObject
  subject: Subject
  /** undefined where the role is missing */
  rules: Rule[] | undefined
}

/** The bindings that name somebody: first those of the cluster. */
function* grants(store: Store, user: User, namespace: string | undefined): Generator<Grant> {
  const bindings = [
    ...store.list('clusterrolebindings.rbac.authorization.k8s.io'),
    ...(namespace ? store.list('rolebindings.rbac.authorization.k8s.io', namespace) : []),
  ]
  for (const binding of bindings) {
    const subject = ((binding.subjects ?? []) as Subject[]).find((one) => names(one, user, binding.metadata.namespace))
    if (subject) yield { binding, subject, rules: roleOf(store, binding)?.rules }
  }
}

export function roleOf(store: Store, { roleRef, metadata }: KubeObject): KubeObject | undefined {
  const found =
    roleRef.kind === 'ClusterRole'
      ? store.get('clusterroles.rbac.authorization.k8s.io', roleRef.name)
      : store.get('roles.rbac.authorization.k8s.io', roleRef.name, metadata.namespace)
  return found && { ...found, rules: found.rules ?? [] }
}

function names({ kind, name, namespace }: Subject, { username, groups }: User, bindingNamespace = ''): boolean {
  if (kind === 'User') return username === name
  if (kind === 'Group') return groups.includes(name)
  return username === `system:serviceaccount:${namespace ?? bindingNamespace}:${name}`
}

function missingRole({ roleRef }: KubeObject): string {
  const { kind, name } = roleRef
  return kind === 'ClusterRole'
    ? `clusterrole.rbac.authorization.k8s.io "${name}" not found`
    : `role.rbac.authorization.k8s.io "${name}" not found`
}

function bindingText({ kind, metadata, roleRef }: KubeObject, { kind: of, name, namespace }: Subject): string {
  const binding = metadata.namespace ? `${metadata.name}/${metadata.namespace}` : metadata.name
  const who = of === 'ServiceAccount' ? `${name}/${namespace ?? metadata.namespace ?? ''}` : name
  return `${kind} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${of} "${who}"`
}

function covers(rule: Rule, asked: Attributes): boolean {
  if (!has(rule.verbs, asked.verb)) return false
  if ('path' in asked) return (rule.nonResourceURLs ?? []).some((url) => coversPath(url, asked.path))
  const { group, resource, subresource, name } = asked
  const wanted = subresource ? `${resource}/${subresource}` : resource
  const { apiGroups = [], resources = [], resourceNames = [] } = rule
  return (
    has(apiGroups, group) &&
    (has(resources, wanted) || (subresource !== undefined && resources.includes(`*/${subresource}`))) &&
    (resourceNames.length === 0 || (name !== undefined && resourceNames.includes(name)))
  )
}

function has(values: readonly string[], value: string): boolean {
  return values.includes('*') || values.includes(value)
}

function coversPath(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')))
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

/** What a request is about. */
export function attributesOf({ method, path, query }: Pick<Ask, 'method' | 'path' | 'query'>): Attributes {
  const found = resourcePath(path)
  if (!found) return { verb: method.toLowerCase(), path }
  const { group, plural, namespace, subresource } = found
  const selected = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1]
  const isWatch = found.isWatch || isTrue(query.get('watch'))
  const onCollection = method === 'DELETE' ? 'deletecollection' : isWatch ? 'watch' : 'list'
  const onObject = verbs[method] ?? 'get'
  const isCollection = (found.name === undefined && (method === 'GET' || method === 'DELETE')) || found.isWatch
  return {
    verb: isCollection ? onCollection : onObject,
    group,
    resource: plural,
    subresource,
    name: found.name ?? (isCollection ? selected : undefined),
    // A namespace itself is in the namespace of its name.
    namespace: namespace ?? (plural === 'namespaces' ? found.name : undefined),
  }
}

/** What somebody must be allowed who wants to act as this user. */
export function impersonations({ username, groups }: User): Attributes[] {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):(.+)$/.exec(username) ?? []
  const asked = (resource: string, name: string | undefined, of?: string): Attributes => ({
    verb: 'impersonate',
    group: '',
    resource,
    name,
    ...(of ? { namespace: of } : {}),
  })
  const implied = groups.filter((group) => !/^system:(serviceaccounts|authenticated|unauthenticated)/.test(group))
  return [
    account ? asked('serviceaccounts', account, namespace) : asked('users', username),
    ...implied.map((group) => asked('groups', group)),
  ]
}

/** The answer to who may not do what was asked. */
export function forbidden({ username }: User, asked: Attributes, { reason }: Decision): StatusError {
  const because = reason ? `: ${reason}` : ''
  if ('path' in asked)
    return new StatusError(
      403,
      'Forbidden',
      `forbidden: User "${username}" cannot ${asked.verb} path "${asked.path}"${because}`,
      {},
    )
  const { verb, group, resource, subresource, name, namespace } = asked
  const what = `${group ? `${resource}.${group}` : resource}${name ? ` "${name}"` : ''}`
  const whole = subresource ? `${resource}/${subresource}` : resource
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope'
  return new StatusError(
    403,
    'Forbidden',
    `${what} is forbidden: User "${username}" cannot ${verb} resource "${whole}" in API group "${group}"${where}${because}`,
    { ...(name ? { name } : {}), ...(group ? { group } : {}), kind: resource },
  )
}
