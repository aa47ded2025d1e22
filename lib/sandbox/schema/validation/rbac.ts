/** Roles and who has them. */
import type { KubeObject } from '../../objects.ts'
import { StatusError } from '../../status.ts'
import { inFormat, isDnsSubdomain, isPathSegment } from './formats.ts'
import {
  asGo,
  each,
  goStrings,
  immutable,
  invalid,
  notSupported,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const group = 'rbac.authorization.k8s.io'

export function checkRole({ rules }: KubeObject): Problem[] {
  return each(rules, 'rules', (rule, path) => checkRule(rule, path, true))
}

export function checkClusterRole({ rules }: KubeObject): Problem[] {
  return each(rules, 'rules', (rule, path) => checkRule(rule, path, false))
}

function checkRule(
  { verbs, apiGroups, resources, nonResourceURLs }: Part,
  path: string,
  isNamespaced: boolean,
): Problem[] {
  const verbless = verbs?.length ? [] : [required(`${path}.verbs`, 'verbs must contain at least one value')]
  if (nonResourceURLs?.length) {
    const at = `${path}.nonResourceURLs`
    const shown = goStrings(nonResourceURLs)
    const wrong = isNamespaced
      ? 'namespaced rules cannot apply to non-resource URLs'
      : apiGroups?.length || resources?.length
        ? 'rules cannot apply to both regular resources and non-resource URLs'
        : undefined
    return [...verbless, ...(wrong ? [invalid(at, shown, wrong)] : [])]
  }
  return [
    ...verbless,
    ...(apiGroups?.length ? [] : [required(`${path}.apiGroups`, 'resource rules must supply at least one api group')]),
    ...(resources?.length ? [] : [required(`${path}.resources`, 'resource rules must supply at least one resource')]),
  ]
}

export function checkRoleBinding(binding: KubeObject): Problem[] {
  return checkBinding(binding, ['Role', 'ClusterRole'], false)
}

export function checkClusterRoleBinding(binding: KubeObject): Problem[] {
  return checkBinding(binding, ['ClusterRole'], true)
}

function checkBinding(
  { roleRef = {}, subjects }: KubeObject,
  kinds: readonly string[],
  isClusterWide: boolean,
): Problem[] {
  const { apiGroup, kind = '', name } = roleRef
  // Whoever checks what the role allows finds this before the binding is validated.
  if (!['Role', 'ClusterRole'].includes(kind))
    throw new StatusError(500, undefined, `unsupported role reference kind: ${JSON.stringify(kind)}`)
  return [
    ...(apiGroup === group ? [] : [notSupported('roleRef.apiGroup', apiGroup, [group])]),
    ...(kinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, kinds)]),
    ...(name ? inFormat(name, 'roleRef.name', isPathSegment) : [required('roleRef.name')]),
    ...each(subjects, 'subjects', (subject, path) => checkSubject(subject, path, isClusterWide)),
  ]
}

function checkSubject({ kind, name, namespace, apiGroup = '' }: Part, path: string, isClusterWide: boolean): Problem[] {
  const nameless = name ? [] : [required(`${path}.name`)]
  if (kind === 'ServiceAccount')
    return [
      ...nameless,
      ...(name ? inFormat(name, `${path}.name`, isDnsSubdomain) : []),
      ...(apiGroup === '' ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [''])]),
      ...(namespace || !isClusterWide ? [] : [required(`${path}.namespace`)]),
    ]
  if (kind === 'User' || kind === 'Group')
    return [...nameless, ...(apiGroup === group ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [group])])]
  return [...nameless, notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group'])]
}

/** Who is bound may change, not to what. */
export function checkBindingChange({ roleRef }: KubeObject, { roleRef: old }: KubeObject): Problem[] {
  return immutable(roleRef, old, 'roleRef', () => goRoleRef(roleRef)).map((problem) => ({
    ...problem,
    message: problem.message.replace('field is immutable', 'cannot change roleRef'),
  }))
}

function goRoleRef({ apiGroup, kind, name }: Part) {
  const text = (of: string) => JSON.stringify(of)
  return asGo(`rbac.RoleRef{APIGroup:${text(apiGroup)}, Kind:${text(kind)}, Name:${text(name)}}`)
}
