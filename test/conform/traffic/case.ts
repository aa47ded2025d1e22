/**
 * Routing rules, and the requests that tell what they do. Each case's rules are those of a VirtualService for a host of
 * its own on the lesson's gateway, or of one for reviews; answers are compared by status, body and headers, and by
 * their shares where they are many.
 */

export interface Ask {
  path?: string
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string
  /** What is sent, byte for byte, in place of a request made of the above; HOST stands for the case's host. */
  raw?: string
  /** How often, where the answer is a matter of chance. */
  times?: number
}

export interface TrafficCase {
  title: string
  /** `spec.http` of the VirtualService on the gateway. */
  http?: unknown
  /** More objects to apply; such a case has both clusters for itself. */
  objects?: readonly object[]
  asks: readonly Ask[]
}

/** The host of a case that has both clusters for itself; others are asked under numbered ones. */
export const HOST = 'conform.example'

export const to = (host: string, more: object = {}) => ({ destination: { host, port: { number: 9080 }, ...more } })
export const details = [to('details')]
export const reviews = (subset: string) => to('reviews', { subset })
export const route = (match: object | object[] | undefined, target: unknown = details, more: object = {}) => ({
  ...(match ? { match: Array.isArray(match) ? match : [match] } : {}),
  route: target,
  ...more,
})
export const answer = (status: number, text = String(status)) => ({
  directResponse: { status, body: { string: text } },
})
export const ask = (path: string, headers: Record<string, string> = {}, more: Partial<Ask> = {}): Ask => ({
  path,
  headers,
  ...more,
})
export const paths = (...all: string[]) => all.map((path) => ask(path))
export const matched = (match: object | object[]) => [
  { match: Array.isArray(match) ? match : [match], ...answer(211, 'matched') },
  answer(212, 'not'),
]

export const istio = (kind: string, name: string, spec: object) => ({
  apiVersion: 'networking.istio.io/v1beta1',
  kind,
  metadata: { name },
  spec,
})

export const peerAuthentication = (name: string, spec: object) => ({
  apiVersion: 'security.istio.io/v1beta1',
  kind: 'PeerAuthentication',
  metadata: { name },
  spec,
})

export const onReviews = (http: unknown) => istio('VirtualService', 'reviews', { hosts: ['reviews'], http })
export const many = (headers: Record<string, string> = {}) => [
  ask('/api/v1/products/0/reviews', headers, { times: 150 }),
]
export const productpage = [route(undefined, [to('productpage')])]
