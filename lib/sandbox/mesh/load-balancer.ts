/** Which of a cluster's endpoints gets a request. */
import { createHash } from 'node:crypto'
import type { Endpoint } from './clusters.ts'
import { parseDuration } from './duration.ts'
import { type HttpRequest, type HttpResponse, splitPath } from './http.ts'
import type { ConsistentHash, TrafficPolicy } from './types.ts'

interface Choice {
  endpoint: Endpoint
  /** Cookie that the client must send from now on to come to the same endpoint. */
  cookie?: string
}

/**
 * tried: endpoints that failed already, avoided while there are others; among: those that may be asked, where these are
 * not all. Undefined where there is no endpoint.
 */
export type Balance = (
  request: HttpRequest,
  random: () => number,
  tried?: ReadonlySet<Endpoint>,
  among?: readonly Endpoint[],
) => Choice | undefined

type Pick = (endpoints: readonly Endpoint[], random: () => number) => Endpoint

/** Istio's default is LEAST_REQUEST: the less busy of two taken at random. */
export function balancer(all: readonly Endpoint[], settings: TrafficPolicy['loadBalancer']): Balance {
  if (settings?.consistentHash) return hashing(all, settings.consistentHash)
  const pick = picks[settings?.simple ?? 'UNSPECIFIED']?.() ?? leastRequest
  return (_request, random, tried, among = all) => {
    const endpoints = untried(among, tried)
    return endpoints.length > 0 ? { endpoint: pick(endpoints, random) } : undefined
  }
}

const atRandom: Pick = (endpoints, random) => endpoints[Math.floor(random() * endpoints.length)] as Endpoint

const leastRequest: Pick = (endpoints, random) => {
  const [one, other] = [atRandom(endpoints, random), atRandom(endpoints, random)]
  return other.active < one.active ? other : one
}

/** One counter a cluster. */
function roundRobin(): Pick {
  let next: number | undefined
  return (endpoints, random) => {
    next = next === undefined ? Math.floor(random() * endpoints.length) : next + 1
    return endpoints[next % endpoints.length] as Endpoint
  }
}

const picks: Readonly<Record<string, () => Pick>> = {
  RANDOM: () => atRandom,
  PASSTHROUGH: () => atRandom,
  ROUND_ROBIN: roundRobin,
}

function untried(all: readonly Endpoint[], tried: ReadonlySet<Endpoint> | undefined): readonly Endpoint[] {
  if (!tried || tried.size === 0) return all
  const rest = all.filter((endpoint) => !tried.has(endpoint))
  return rest.length > 0 ? rest : all
}

/** The same key goes to the same endpoint as long as that one is there; a request without a key goes anywhere. */
function hashing(all: readonly Endpoint[], policy: ConsistentHash): Balance {
  return (request, random, tried, among = all) => {
    const endpoints = untried(among, tried)
    if (endpoints.length === 0) return undefined
    const { key, cookie } = hashKey(policy, request, random)
    if (key === undefined) return { endpoint: atRandom(endpoints, random) }
    const ranked = endpoints.map((endpoint) => ({ endpoint, rank: rank(key, endpoint) }))
    const first = ranked.reduce((best, one) => (one.rank > best.rank ? one : best))
    return { endpoint: first.endpoint, ...(cookie ? { cookie } : {}) }
  }
}

function hashKey(
  policy: ConsistentHash,
  request: HttpRequest,
  random: () => number,
): { key?: string | undefined; cookie?: string } {
  if (policy.httpHeaderName) return { key: request.headers[policy.httpHeaderName.toLowerCase()] }
  if (policy.httpQueryParameterName) {
    const value = new URLSearchParams(splitPath(request.path).query).get(policy.httpQueryParameterName)
    return { key: value ?? undefined }
  }
  if (policy.useSourceIp) return { key: request.headers['x-forwarded-for'] }
  return policy.httpCookie ? cookieKey(policy.httpCookie, request, random) : {}
}

/** A client without the cookie, or with an empty one, is given one where the policy says how long it lasts. */
function cookieKey(
  { name, path, ttl }: { name: string; path?: string; ttl?: string },
  { headers }: HttpRequest,
  random: () => number,
): { key?: string; cookie?: string } {
  const cookies = (headers.cookie ?? '').split(/;\s*/)
  const sent = cookies.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  const value = sent?.replace(/^"|"$/g, '')
  if (value) return { key: value }
  if (ttl === undefined) return {}
  const key = createHash('sha256').update(String(random())).digest('hex').slice(0, 16)
  const seconds = Math.floor((parseDuration(ttl) ?? 0) / 1_000)
  const age = seconds > 0 ? `; Max-Age=${seconds}` : ''
  return { key, cookie: `${name}="${key}"${age}${path ? `; Path=${path}` : ''}; HttpOnly` }
}

/** Highest random weight: each key ranks all endpoints, and one that comes or goes moves only its own keys. */
function rank(key: string, { address, port }: Endpoint): number {
  return createHash('sha1').update(`${key} ${address}:${port}`).digest().readUInt32BE(0)
}

/** The answer, with the cookie that the balancer wants the client to have. */
export function withCookie(response: HttpResponse, cookie: string | undefined): HttpResponse {
  if (!cookie) return response
  const known = response.headers['set-cookie'] ?? []
  return { ...response, headers: { ...response.headers, 'set-cookie': [known, cookie].flat() } }
}
