/** Objects that are as they must be, and requests that are made of them. */
import type { Request, Story } from './request.ts'

type Json = Record<string, unknown>

export const create = (to: string, body: unknown, query?: string): Request => ({
  method: 'POST',
  to,
  body,
  ...(query === undefined ? {} : { query }),
})
export const patch = (type: NonNullable<Request['type']>, to: string, body: unknown, query?: string): Request => ({
  method: 'PATCH',
  to,
  type,
  body,
  ...(query === undefined ? {} : { query }),
})
export const strict = (to: string, body: unknown): Story => [create(to, body, 'fieldValidation=Strict&dryRun=All')]

/** A copy with one field set (removed where the value is undefined), by a path such as `spec.containers.0.image`. */
export function set<T>(object: T, path: string, value: unknown): T {
  const copy = structuredClone(object) as Json
  const names = path.split('.')
  const last = names.pop() as string
  let at = copy
  for (const name of names) {
    at[name] ??= {}
    at = at[name] as Json
  }
  if (value === undefined) delete at[last]
  else at[last] = value
  return copy as T
}

export const container = { name: 'c', image: 'i' }
export const podSpec = { containers: [container] }
export const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: podSpec },
  },
}
export const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: podSpec }
export const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: [{ port: 80 }] } }
export const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } }
export const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: 'YQ==' } }
export const virtualService = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'VirtualService',
  metadata: { name: 'a' },
  spec: { hosts: ['a'], http: [{ route: [{ destination: { host: 'x' } }] }] },
}
export const destinationRule = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'DestinationRule',
  metadata: { name: 'a' },
  spec: { host: 'a' },
}
export const gateway = {
  apiVersion: 'networking.istio.io/v1beta1',
  kind: 'Gateway',
  metadata: { name: 'a' },
  spec: { selector: { a: 'b' }, servers: [{ port: { number: 80, name: 'a', protocol: 'HTTP' }, hosts: ['*'] }] },
}

export type Change = readonly [path: string, value: unknown]

/** One story a change of a valid object. */
export function changed(to: string, object: unknown, changes: readonly Change[]): Record<string, Story> {
  return Object.fromEntries(
    changes.map(([path, value]) => {
      const text = value === undefined ? 'absent' : JSON.stringify(value)
      return [`${to} with ${path} ${text}`, strict(to, set(object, path, value))]
    }),
  )
}

export const template = 'spec.template.spec'
export const first = `${template}.containers.0`
