/** RequestAuthentication and PeerAuthentication. */
import type { KubeObject } from '../../objects.ts'
import { parseJson } from '../../schema/json.ts'
import { checkHeaderValue } from './header-value.ts'
import { isFilled, type Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkTargets, checkWorkloadSelector } from './selectors.ts'

export function checkRequestAuthentication({ spec }: KubeObject): Problems {
  const problems = new Problems()
  checkTargets(spec, problems)
  for (const rule of spec.jwtRules ?? []) problems.addListed(...jwtErrors(rule))
  return problems
}

function jwtErrors(rule: Part): (string | undefined)[] {
  const { issuer, audiences = [], jwksUri, jwks, fromHeaders = [], fromParams = [], fromCookies = [] } = rule
  return [
    issuer ? undefined : 'issuer must be set',
    ...emptyOnes(audiences, 'audience must be non-empty string'),
    jwksUri ? schemeError(jwksUri) : undefined,
    jwks ? jwksError(jwks) : undefined,
    ...emptyOnes(
      fromHeaders.map(({ name = '' }: { name?: string }) => name),
      'location header name must be non-empty string',
    ),
    ...emptyOnes(fromParams, 'location query must be non-empty string'),
    ...emptyOnes(fromCookies, 'cookie name must be non-empty string'),
    ...(rule.outputClaimToHeaders ?? []).map(({ claim, header }: Part) =>
      claim && header
        ? checkHeaderValue(header)
        : 'outputClaimToHeaders header and claim value must be non-empty string',
    ),
  ]
}

function emptyOnes(values: readonly string[], words: string): string[] {
  return values.filter((value) => value === '').map(() => words)
}

function schemeError(uri: string): string | undefined {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(uri)?.[1]?.toLowerCase() ?? ''
  return ['http', 'https'].includes(scheme) ? undefined : `URI scheme ${JSON.stringify(scheme)} is not supported`
}

/** Keys are looked at no closer than as JSON. */
function jwksError(text: string): string | undefined {
  try {
    parseJson(text)
    return undefined
  } catch (error) {
    return `jwks parse error: failed to unmarshal JWK set: ${(error as SyntaxError).message}`
  }
}

export function checkPeerAuthentication({ spec }: KubeObject): Problems {
  const problems = new Problems()
  const ports = spec.portLevelMtls && Object.keys(spec.portLevelMtls)
  const isSelective = Object.keys(spec.selector?.matchLabels ?? {}).length > 0
  if (!isSelective && isFilled(ports)) problems.add('mesh/namespace peer authentication cannot have port level mTLS')
  if (ports?.length === 0) problems.add('port level mTLS, if defined, must have at least one element')
  if (ports?.includes('0')) problems.add('port cannot be 0')
  checkWorkloadSelector(spec.selector, problems)
  return problems
}
