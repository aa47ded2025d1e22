/** Questions about access, which the API answers and does not keep. Who may use the sandbox may do everything. */
import { badRequest } from '../status.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import type { Target } from './target.ts'

type Handler = (target: Target, ask: Ask, server: Server) => Promise<Answer>

/** As kind's administrator is known since Kubernetes 1.29. */
const user = { username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] }

const allowed = {
  allowed: true,
  reason:
    'RBAC: allowed by ClusterRoleBinding "kubeadm:cluster-admins" of ClusterRole "cluster-admin" to Group "kubeadm:cluster-admins"',
}

const rules = {
  resourceRules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ],
  nonResourceRules: [
    { verbs: ['*'], nonResourceURLs: ['*'] },
    {
      verbs: ['get'],
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
    },
    { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
  ],
  incomplete: false,
}

export const reviews: Readonly<Record<string, Handler>> = {
  SelfSubjectAccessReview: answering(() => allowed),
  LocalSubjectAccessReview: answering(accessOf),
  SubjectAccessReview: answering(accessOf),
  SelfSubjectRulesReview: answering(() => rules),
  SelfSubjectReview: answering(() => ({ userInfo: user })),
  TokenReview: answering(() => ({
    authenticated: false,
    user: {},
    error: 'this is a sandbox: it knows no tokens but its own',
  })),
}

function accessOf({ user: name, groups = [] }: { user?: string; groups?: string[] }): object {
  const isAdmin =
    name === user.username || groups.includes('kubeadm:cluster-admins') || groups.includes('system:masters')
  return isAdmin ? allowed : { allowed: false, reason: 'this is a sandbox: rules of access are stored only' }
}

// biome-ignore lint/suspicious/noExplicitAny: what is asked is known by the kind
function answering(status: (spec: any) => object): Handler {
  return async ({ kind, version }, ask) => {
    const asked = parse(await ask.body())
    const { creationTimestamp = null, ...metadata } = (asked.metadata ?? {}) as Record<string, unknown>
    const body = {
      kind: kind.kind,
      apiVersion: `${kind.group}/${version}`,
      metadata: { ...metadata, creationTimestamp },
      ...(asked.spec ? { spec: asked.spec } : {}),
      status: status(asked.spec ?? {}),
    }
    return { code: 201, body }
  }
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw Object.assign(badRequest(`couldn't get version/kind; json parse error: ${(cause as Error).message}`), {
      cause,
    })
  }
  throw badRequest("couldn't get version/kind; json parse error: not an object")
}
