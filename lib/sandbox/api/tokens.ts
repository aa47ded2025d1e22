/**
 * Tokens of service accounts: JSON Web Tokens (RFC 7519), signed by the key of the server's certificate, as
 * kube-apiserver does where it is given no key of its own for them.
 */
import { createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto'
import type { KubeObject } from '../objects.ts'
import type { Store } from '../store/store.ts'
import { serviceAccountUser, type User } from './user.ts'

export const ISSUER = 'https://kubernetes.default.svc.cluster.local'
/** Who issues the tokens that stay, in secrets. */
const LEGACY_ISSUER = 'kubernetes/serviceaccount'

/** What a token says, as far as it is looked at. */
export interface Claims {
  iss: string
  sub: string
  aud?: readonly string[]
  exp?: number
  [claim: string]: unknown
}

interface Reference {
  name: string
  uid: string
}

interface Bound {
  namespace: string
  serviceaccount: Reference
  pod?: Reference
  secret?: Reference
}

/** Somebody who has shown a token. */
export interface Bearer {
  user: User
  audiences: readonly string[]
}

export interface Grant {
  audiences: readonly string[]
  expirationSeconds: number
  /** The pod or secret with which the token ends. */
  bound?: { kind: 'pod' | 'secret'; object: KubeObject }
}

const CURVE = 'P-256'
const header = { alg: 'ES256', typ: 'JWT' }
const encoding = 'ieee-p1363'

export class Tokens {
  readonly #key: string
  readonly #keyId: string

  /** @param key in PEM */
  constructor(key: string) {
    this.#key = key
    this.#keyId = String(this.#public().x).slice(0, 43)
  }

  /** A token that ends. */
  issue({ metadata }: KubeObject, { audiences, expirationSeconds, bound }: Grant, now: Date): string {
    const seconds = Math.floor(now.getTime() / 1000)
    const { name, uid, namespace } = metadata as Reference & { namespace: string }
    const reference = (object: KubeObject) => ({ name: object.metadata.name, uid: object.metadata.uid })
    return this.#signed({
      aud: audiences,
      exp: seconds + expirationSeconds,
      iat: seconds,
      iss: ISSUER,
      'kubernetes.io': {
        namespace,
        ...(bound ? { [bound.kind]: reference(bound.object) } : {}),
        serviceaccount: { name, uid },
      },
      nbf: seconds,
      sub: `system:serviceaccount:${namespace}:${name}`,
    })
  }

  /** A token that holds as long as the secret that it is in. */
  issueFor({ metadata }: KubeObject, secret: string): string {
    const { name, uid, namespace } = metadata
    const prefix = LEGACY_ISSUER
    return this.#signed({
      iss: LEGACY_ISSUER,
      [`${prefix}/namespace`]: namespace,
      [`${prefix}/secret.name`]: secret,
      [`${prefix}/service-account.name`]: name,
      [`${prefix}/service-account.uid`]: uid,
      sub: `system:serviceaccount:${namespace}:${name}`,
    })
  }

  /** Who bears a token; undefined where it is not one of ours, has ended, or its account has gone. */
  bearer(token: string, store: Store, now: Date): Bearer | undefined {
    const claims = this.#claims(token)
    if (!claims || (claims.exp !== undefined && claims.exp * 1000 <= now.getTime())) return undefined
    const bound = boundOf(claims)
    if (!bound || !isThere(store, bound)) return undefined
    const { namespace, serviceaccount, pod } = bound
    const extra = pod && {
      'authentication.kubernetes.io/pod-name': [pod.name],
      'authentication.kubernetes.io/pod-uid': [pod.uid],
    }
    return {
      user: serviceAccountUser(namespace, serviceaccount, extra),
      audiences: claims.aud ?? [ISSUER],
    }
  }

  /** The keys by which others can tell our tokens (RFC 7517). */
  keySet(): object {
    return { keys: [{ use: 'sig', ...this.#public(), kid: this.#keyId, alg: header.alg }] }
  }

  #public(): JsonWebKey {
    const { kty, x, y } = createPublicKey(this.#key).export({ format: 'jwk' })
    return { kty, crv: CURVE, x, y } as JsonWebKey
  }

  #signed(claims: Claims): string {
    const said = [{ ...header, kid: this.#keyId }, claims].map(encoded).join('.')
    const signature = sign('sha256', Buffer.from(said), { key: this.#key, dsaEncoding: encoding })
    return `${said}.${signature.toString('base64url')}`
  }

  #claims(token: string): Claims | undefined {
    const [head, claims, signature, ...more] = token.split('.')
    if (!head || !claims || !signature || more.length > 0) return undefined
    const key = { key: createPublicKey(this.#key), dsaEncoding: encoding } as const
    const isOurs = verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))
    return isOurs ? (JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims) : undefined
  }
}

/** What is said where such tokens come from (OpenID Connect Discovery). */
export const discoveryDocument: object = {
  issuer: ISSUER,
  jwks_uri: 'https://kubernetes.default.svc/openid/v1/jwks',
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: [header.alg],
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function boundOf(claims: Claims): Bound | undefined {
  if (claims.iss === ISSUER) return claims['kubernetes.io'] as Bound
  if (claims.iss !== LEGACY_ISSUER) return undefined
  const said = (what: string) => String(claims[`${LEGACY_ISSUER}/${what}`])
  return {
    namespace: said('namespace'),
    serviceaccount: { name: said('service-account.name'), uid: said('service-account.uid') },
    secret: { name: said('secret.name'), uid: '' },
  }
}

function isThere(store: Store, { namespace, serviceaccount, pod, secret }: Bound): boolean {
  const isSame = (resource: string, reference: Reference | undefined) => {
    if (!reference) return true
    const found = store.get(resource, reference.name, namespace)
    return found !== undefined && (reference.uid === '' || found.metadata.uid === reference.uid)
  }
  return isSame('serviceaccounts', serviceaccount) && isSame('pods', pod) && isSame('secrets', secret)
}
