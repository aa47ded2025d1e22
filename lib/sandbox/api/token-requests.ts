/** Requests for tokens of a service account: `kubectl create token`. */
import type { KubeObject } from '../objects.ts'
import { invalid, invalidError, type Problem } from '../schema/validation/problems.ts'
import { badRequest, conflict } from '../status.ts'
import { timestamp } from '../store/store.ts'
import { readBody } from './body.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import type { Target } from './target.ts'
import { type Grant, ISSUER } from './tokens.ts'

interface TokenSpec {
  audiences?: string[] | null
  expirationSeconds?: number | null
  boundObjectRef?: { apiVersion?: string; kind?: string; name?: string; uid?: string } | null
}

const DEFAULT_SECONDS = 3600
const LEAST_SECONDS = 600
const MOST_SECONDS = 2 ** 32

/** @throws NotFound, Invalid, BadRequest, Conflict */
export async function requestToken(target: Target, ask: Ask, { registry, tokens }: Server): Promise<Answer> {
  const { name = '', namespace = '', resource } = target
  registry.get('namespaces', namespace)
  const account = registry.get(resource, name, namespace)
  const { spec = {}, metadata } = (await readBody(ask)) as { spec?: TokenSpec; metadata?: KubeObject['metadata'] }
  if (metadata?.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  const expirationSeconds = spec.expirationSeconds ?? DEFAULT_SECONDS
  const audiences = spec.audiences?.length ? spec.audiences : [ISSUER]
  const problems = checkSeconds(expirationSeconds)
  if (problems.length > 0) throw invalidError({ kind: 'TokenRequest', group: 'authentication.k8s.io' }, '', problems)
  const bound = boundOf(spec, target, registry)
  const now = registry.now()
  const grant = { audiences, expirationSeconds, ...(bound ? { bound } : {}) }
  return {
    code: 201,
    body: {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace, creationTimestamp: timestamp(now) },
      spec: { audiences, expirationSeconds, boundObjectRef: spec.boundObjectRef ?? null },
      status: {
        token: tokens.issue(account, grant, now),
        expirationTimestamp: timestamp(new Date(now.getTime() + expirationSeconds * 1000)),
      },
    },
  }
}

function checkSeconds(seconds: number): Problem[] {
  const path = 'spec.expirationSeconds'
  if (seconds < LEAST_SECONDS) return [invalid(path, seconds, 'may not specify a duration less than 10 minutes')]
  if (seconds > MOST_SECONDS) return [invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds')]
  return []
}

const bindable: Readonly<Record<string, 'pod' | 'secret'>> = { 'v1 Pod': 'pod', 'v1 Secret': 'secret' }

function boundOf(
  { boundObjectRef: reference }: TokenSpec,
  { namespace }: Target,
  registry: Server['registry'],
): Grant['bound'] {
  if (!reference) return undefined
  const { apiVersion = '', kind: kindName = '', name = '', uid } = reference
  const kind = bindable[`${apiVersion} ${kindName}`]
  if (!kind) throw badRequest(`cannot bind token to object of type ${asGroupVersionKind(apiVersion, kindName)}`)
  const object = registry.get(`${kind}s`, name, namespace)
  if (uid && uid !== object.metadata.uid)
    throw conflict(
      `${kind}s`,
      name,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    )
  return { kind, object }
}

/** As Go prints a schema.GroupVersionKind. */
function asGroupVersionKind(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`
}
