/** Attributes of requests and connections that policies ask about (pkg/config/security of istiod). */
import { isIP } from 'node:net'
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

/** What Go's netip says of a range of addresses; undefined where it is one. */
export function prefixError(value: string): string | undefined {
  const slash = value.lastIndexOf('/')
  const [address, bits] = [value.slice(0, slash), value.slice(slash + 1)]
  const family = isIP(address)
  if (family === 0) return addressError(address)
  if (!/^\d+$/.test(bits) || (bits.length > 1 && bits.startsWith('0')))
    return `bad bits after slash: ${JSON.stringify(bits)}`
  return Number(bits) > (family === 4 ? 32 : 128) ? 'prefix length out of range' : undefined
}

function addressError(address: string): string {
  const parse = `ParseAddr(${JSON.stringify(address)})`
  if (!/[.:]/.test(address)) return `${parse}: unable to parse IP`
  const fields = address.split('.')
  if (address.includes(':')) return `${parse}: unexpected character`
  const wrong = fields.find((field) => !/^\d+$/.test(field))
  if (wrong !== undefined) {
    const at = address.search(/[^\d.]/)
    return at < 0
      ? `${parse}: IPv4 field must have at least one digit`
      : `${parse}: unexpected character (at ${JSON.stringify(address.slice(at))})`
  }
  if (fields.some((field) => Number(field) > 255)) return `${parse}: IPv4 field has value >255`
  return fields.length < 4 ? `${parse}: IPv4 address too short` : `${parse}: IPv4 address too long`
}

export function checkPorts(values: readonly string[] = []): string[] {
  return values.flatMap((value) => {
    if (!/^\d+$/.test(value))
      return [`bad port (${value}): strconv.ParseUint: parsing ${JSON.stringify(value)}: invalid syntax`]
    if (Number(value) >= 2 ** 32)
      return [`bad port (${value}): strconv.ParseUint: parsing ${JSON.stringify(value)}: value out of range`]
    return Number(value) > 65_535 ? [`bad port (${value}): <nil>`] : []
  })
}
