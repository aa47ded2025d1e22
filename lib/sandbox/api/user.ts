/** Who asks: the sandbox's administrator, nobody, or somebody whom the administrator acts as. */
import type { IncomingHttpHeaders } from 'node:http'

export interface User {
  username: string
  uid?: string
  groups: readonly string[]
  extra?: Readonly<Record<string, readonly string[]>>
}

/** As kind's administrator is known since Kubernetes 1.29. */
export const administrator: User = {
  username: 'kubernetes-admin',
  groups: ['kubeadm:cluster-admins', 'system:authenticated'],
}

export const anonymous: User = { username: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Whom a token of a service account makes one. */
export function serviceAccountUser(
  namespace: string,
  { name, uid }: { name: string; uid: string },
  extra?: User['extra'],
): User {
  return {
    username: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    ...(extra ? { extra } : {}),
  }
}

const serviceAccount = /^system:serviceaccount:([^:]+):[^:]+$/

/** What the `Impersonate-` headers say of somebody whom they do not name, as Go prints it; empty where all is well. */
export function namelessImpersonation(headers: IncomingHttpHeaders): string {
  if (headers['impersonate-user']) return ''
  const { 'impersonate-group': group, 'impersonate-uid': uid } = headers
  const asked = [
    ...listed(group).map((name) => `{Group  ${name}    }`),
    ...Object.entries(extraOf(headers)).flatMap(([key, values]) =>
      values.map((value) => `{UserExtra  ${value}  authentication.k8s.io/v1  ${key}}`),
    ),
    ...listed(uid).map((name) => `{UID  ${name}  authentication.k8s.io/v1  }`),
  ]
  return asked.join(' ')
}

/** Whom the `Impersonate-` headers name; undefined where they name nobody. */
export function impersonated(headers: IncomingHttpHeaders): User | undefined {
  const username = headers['impersonate-user']
  if (typeof username !== 'string' || username === '') return undefined
  const uid = headers['impersonate-uid']
  const extra = extraOf(headers)
  return {
    username,
    ...(typeof uid === 'string' ? { uid } : {}),
    groups: groupsOf(username, headers['impersonate-group']),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  }
}

/** Node joins what is given several times by a comma and a blank. */
function listed(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : String(value).split(/,\s*/)
}

/** Those of a service account go without saying, and whether somebody is known at all. */
function groupsOf(username: string, header: string | string[] | undefined): string[] {
  const named = listed(header)
  const namespace = serviceAccount.exec(username)?.[1]
  const groups =
    named.length === 0 && namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : named
  const standing = username === anonymous.username ? 'system:unauthenticated' : 'system:authenticated'
  const isTold = groups.some((group) => group === 'system:authenticated' || group === 'system:unauthenticated')
  return isTold ? groups : [...groups, standing]
}

const extraPrefix = 'impersonate-extra-'

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(extraPrefix))
      .map(([name, value]) => [decodeURIComponent(name.slice(extraPrefix.length)), listed(value)]),
  )
}
