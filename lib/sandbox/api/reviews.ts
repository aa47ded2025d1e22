/** Questions about who is asking and what they may do, which the API answers and does not keep. */
import { asGo, type GoText, invalid, invalidError, type Problem } from '../schema/validation/problems.ts'
import { badRequest } from '../status.ts'
import { timestamp } from '../store/store.ts'
import { type Attributes, authorize, type Rule, rulesFor } from './access.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import type { Target } from './target.ts'
import { ISSUER } from './tokens.ts'
import type { User } from './user.ts'
import { placed, readObject } from './write.ts'

type Handler = (target: Target, ask: Ask, server: Server) => Promise<Answer>

// biome-ignore lint/suspicious/noExplicitAny: what is asked is known by the kind
type Spec = any

interface Asking {
  user: User
  server: Server
}

export const reviews: Readonly<Record<string, Handler>> = {
  SelfSubjectAccessReview: answering((spec, { user, server }) => accessOf(spec, user, server), checkAttributes),
  LocalSubjectAccessReview: answering(
    (spec, { server }) => accessOf(spec, asked(spec), server),
    (spec, target) => [...checkAttributes(spec), ...checkSubject(spec), ...checkLocal(spec, target)],
  ),
  SubjectAccessReview: answering(
    (spec, { server }) => accessOf(spec, asked(spec), server),
    (spec) => [...checkAttributes(spec), ...checkSubject(spec)],
  ),
  SelfSubjectRulesReview: answering((spec, { user, server }) => {
    if (!spec.namespace) throw badRequest('no namespace on request')
    return rules(spec, user, server)
  }),
  SelfSubjectReview: answering((_spec, { user }) => ({ userInfo: user }), undefined, true),
  TokenReview: answering((spec, { server }) => {
    if (!spec.token) throw badRequest('token is required for TokenReview in authentication')
    return reviewed(spec, server)
  }),
}

/** Of the tokens of service accounts; the administrator's is nobody's business. */
function reviewed({ token, audiences = [] }: Spec, { tokens, registry: { store, now } }: Server): object {
  const bearer = tokens.bearer(token, store, now())
  if (!bearer) return { user: {}, error: 'invalid bearer token' }
  const wanted: string[] = audiences.length > 0 ? audiences : [ISSUER]
  const shared = bearer.audiences.filter((audience) => wanted.includes(audience))
  if (shared.length === 0)
    return {
      user: {},
      error: `[invalid bearer token, token audiences [${bearer.audiences.map((name) => JSON.stringify(name)).join(' ')}] is invalid for the target audiences [${wanted.map((name) => JSON.stringify(name)).join(' ')}]]`,
    }
  return { authenticated: true, user: bearer.user, audiences: shared }
}

function asked({ user = '', groups = [] }: Spec): User {
  return { username: user, groups }
}

function accessOf(spec: Spec, user: User, { registry }: Server): object {
  const { allowed, reason } = authorize(registry.store, user, attributesIn(spec))
  return { allowed, ...(reason ? { reason } : {}) }
}

function attributesIn({ resourceAttributes: resource, nonResourceAttributes: path }: Spec): Attributes {
  if (path) return { verb: path.verb ?? '', path: path.path ?? '' }
  return { ...resource, verb: resource.verb ?? '', group: resource.group ?? '', resource: resource.resource ?? '' }
}

function rules({ namespace = '' }: Spec, user: User, { registry }: Server): object {
  const all = rulesFor(registry.store, user, namespace)
  const part = (fields: readonly (keyof Rule)[], isPart: (rule: Rule) => unknown) =>
    all
      .filter(isPart)
      .map((rule) => Object.fromEntries(fields.filter((field) => rule[field]).map((field) => [field, rule[field]])))
  return {
    resourceRules: part(['verbs', 'apiGroups', 'resources', 'resourceNames'], ({ resources }) => resources?.length),
    nonResourceRules: part(['verbs', 'nonResourceURLs'], ({ nonResourceURLs }) => nonResourceURLs?.length),
    incomplete: false,
  }
}

function checkAttributes({ resourceAttributes, nonResourceAttributes }: Spec): Problem[] {
  if (resourceAttributes && nonResourceAttributes)
    return [
      invalid(
        'spec.nonResourceAttributes',
        nonResourceAttributes,
        'cannot be specified in combination with resourceAttributes',
      ),
    ]
  return resourceAttributes || nonResourceAttributes
    ? []
    : [
        invalid(
          'spec.resourceAttributes',
          null,
          'exactly one of nonResourceAttributes or resourceAttributes must be specified',
        ),
      ]
}

/** It asks about the namespace that it is sent to. */
function checkLocal({ resourceAttributes, nonResourceAttributes }: Spec, { namespace }: Target): Problem[] {
  const { namespace: asked = '' } = resourceAttributes ?? {}
  return [
    ...(resourceAttributes && asked !== namespace
      ? [invalid('spec.resourceAttributes.namespace', asked, 'must match metadata.namespace')]
      : []),
    ...(nonResourceAttributes
      ? [invalid('spec.nonResourceAttributes', goPath(nonResourceAttributes), 'disallowed on this kind of request')]
      : []),
  ]
}

function goPath({ path = '', verb = '' }: Spec): GoText {
  return asGo(`authorization.NonResourceAttributes{Path:${JSON.stringify(path)}, Verb:${JSON.stringify(verb)}}`)
}

function checkSubject({ user = '', groups = [] }: Spec): Problem[] {
  return user || groups.length > 0 ? [] : [invalid('spec.user', '', 'at least one of user or group must be specified')]
}

function answering(
  status: (spec: Spec, asking: Asking) => object,
  check: (spec: Spec, target: Target) => Problem[] = () => [],
  isDated = false,
): Handler {
  return async (target, ask, server) => {
    const { kind, version, group } = target
    const review = placed(await readObject(target, ask), target)
    const spec = review.spec ?? {}
    const problems = check(spec, target)
    // The server has forgotten by then of which kind the question was.
    if (problems.length > 0) throw invalidError({ kind: '', group }, '', problems)
    const none = isDated ? timestamp(server.registry.now()) : null
    const { creationTimestamp, ...metadata } = review.metadata ?? {}
    const body = {
      kind: kind.kind,
      apiVersion: `${group}/${version}`,
      metadata: { ...metadata, creationTimestamp: creationTimestamp ?? none },
      ...(review.spec ? { spec: review.spec } : {}),
      status: status(spec, { user: ask.user, server }),
    }
    return { code: 201, body }
  }
}
