/** Attributes of requests and connections that policies ask about (pkg/config/security of istiod). */

import { isIP } from 'node:net'
import { prefixError } from '../../go/addresses.ts'
import { uintError } from '../../go/strconv.ts'
import { Problems } from './problems.ts'

/** What is wrong with the values of a condition's key. */
export function checkAttribute(key: string, values: readonly string[] = []): string | undefined {
  const error = checkValues(key, values)
  if (error !== undefined) return error
  const rule = attributes.find(([name, isPrefix]) => (isPrefix ? key.startsWith(name) : key === name))
  return rule ? rule[2](key, values) : `unknown attribute: ${key}`
}

type Check = (key: string, values: readonly string[]) => string | undefined

const anything: Check = () => undefined
const mapKey: Check = (key) => {
  const open = key.indexOf('[')
  return key.endsWith(']') && open > 0 && open < key.length - 2
    ? undefined
    : `bad key (${key}): should have format a[b]`
}
const ips: Check = (_key, values) => listed(checkIps(values))
const replacedBy =
  (what: string): Check =>
  (key) =>
    `attribute ${key} is replaced by the ${what}`
const deprecated: Check = (key) => `deprecated attribute ${key}: only supported in v1alpha1`

const attributes: readonly [name: string, isPrefix: boolean, check: Check][] = [
  ['request.headers', true, mapKey],
  ['source.ip', false, ips],
  ['remote.ip', false, ips],
  ['source.namespace', false, anything],
  ['source.principal', false, anything],
  ['request.auth.principal', false, anything],
  ['request.auth.audiences', false, anything],
  ['request.auth.presenter', false, anything],
  ['request.auth.claims', true, mapKey],
  ['destination.ip', false, ips],
  ['destination.port', false, (_key, values) => listed(checkPorts(values))],
  ['connection.sni', false, anything],
  ['experimental.envoy.filters.', true, mapKey],
  ['destination.namespace', false, replacedBy('metadata.namespace')],
  ['destination.labels', true, replacedBy('workload selector')],
  ['destination.name', false, deprecated],
  ['destination.user', false, deprecated],
]

function listed(errors: readonly string[]): string | undefined {
  const problems = new Problems()
  problems.addListed(...errors)
  return problems.text
}

export function checkValues(name: string, values: readonly string[] = []): string | undefined {
  return values.includes('') ? `empty value not allowed, found in ${name}` : undefined
}

export function checkIps(values: readonly string[] = []): string[] {
  return values.flatMap((value) => {
    if (!value.includes('/')) return isIP(value) ? [] : [`bad IP address (${value})`]
    const reason = prefixError(value)
    return reason === undefined
      ? []
      : [`bad CIDR range (${value}): netip.ParsePrefix(${JSON.stringify(value)}): ${reason}`]
  })
}

export function checkPorts(values: readonly string[] = []): string[] {
  return values.flatMap((value) => {
    const wrong = uintError(value, 32)
    if (wrong) return [`bad port (${value}): ${wrong}`]
    return Number(value) > 65_535 ? [`bad port (${value}): <nil>`] : []
  })
}
