/** Which part of the API answers which path. */

import { methodNotAllowed, nothingThere, StatusError } from '../status.ts'
import { discovery } from './discovery.ts'
import { type Answer, type Ask, ok, type Server, text } from './exchange.ts'
import { health, healthPaths } from './health.ts'
import type { OpenApi } from './openapi.ts'
import { type ResourcePath, resourcePath } from './path.ts'
import { answerResource } from './resources.ts'
import { discoveryDocument } from './tokens.ts'

/** Kubernetes' own, as kind 0.22.0 installs it. */
const version = {
  major: '1',
  minor: '29',
  gitVersion: 'v1.29.2',
  gitCommit: '4b8e819355d791d96b7e9d9efe4cbafae2311c88',
  gitTreeState: 'clean',
  buildDate: '2024-02-14T22:24:00Z',
  goVersion: 'go1.21.7',
  compiler: 'gc',
  platform: `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`,
}

export async function route(ask: Ask, server: Server, openApi: OpenApi): Promise<Answer> {
  const { path } = ask
  const healthy = health(ask)
  if (healthy) return healthy
  if (ask.method !== 'GET' && isReadOnly(path, server)) throw methodNotAllowed()
  if (path === '/') return text(JSON.stringify({ paths: rootPaths(server) }, undefined, 2), 'application/json')
  if (path === '/version' || path === '/version/') return ok(version)
  if (path === '/.well-known/openid-configuration') return text(JSON.stringify(discoveryDocument), 'application/json')
  if (path === '/openid/v1/jwks') return text(JSON.stringify(server.tokens.keySet()), 'application/jwk-set+json')
  if (path === '/metrics' || path === '/metrics/slis')
    throw new StatusError(501, 'NotImplemented', 'this is a sandbox: it has no metrics')
  if (path === '/openapi/v2') return openApi.answerV2(ask)
  if (path === '/openapi/v3' || path.startsWith('/openapi/v3/')) return openApi.answer(ask, server)
  const found = resourcePath(path)
  const answer = found ? await answerResource(found, ask, server) : discovery(ask, server)
  if (answer) return answer
  if (found && isBuiltIn(found, server)) throw nothingThere()
  return { code: 404, text: '404 page not found\n' }
}

/** What describes the server's own kinds is only read; others answer whatever method is used. */
function isReadOnly(path: string, server: Server): boolean {
  if (/^\/(version|api|api\/v1)\/?$/.test(path)) return true
  const [, group = '', version = ''] = /^\/apis\/([^/]+)\/([^/]+)\/?$/.exec(path) ?? []
  return group !== '' && isBuiltIn({ group, version }, server)
}

/** Whether a path is below one of the server's own groups. */
function isBuiltIn({ group, version }: Pick<ResourcePath, 'group' | 'version'>, { registry }: Server): boolean {
  return (
    registry.kinds
      .groups()
      .get(group)
      ?.get(version)
      ?.some(({ custom }) => !custom) ?? false
  )
}

/** What is served beside the groups and the checks of health. */
const otherPaths = [
  '/.well-known/openid-configuration',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/',
  '/logs',
  '/metrics',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/version',
]

function rootPaths({ registry }: Server): string[] {
  const groups = [...registry.kinds.groups()].filter(([group]) => group !== '')
  const served = groups.flatMap(([group, versions]) =>
    ['', ...versions.keys()].map((version) => `/apis/${group}${version && `/${version}`}`),
  )
  return [...otherPaths, ...healthPaths, ...served].sort()
}
