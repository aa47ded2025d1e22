/** Names and numbers as istiod accepts them; each check gives its words for what is wrong, or undefined. */
import { isIP } from 'node:net'
import { prefixError } from '../../go/addresses.ts'
import type { Destination } from '../../mesh/types.ts'
import type { Labels } from '../../objects.ts'

const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?'
const plainLabel = new RegExp(`^${label}$`)
const wildcardLabel = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${label})$`)
const qualifiedName = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelKey = new RegExp(`^(?:(${label}(?:\\.${label})*)/)?(${qualifiedName})$`)
const labelValue = new RegExp(`^(?:${qualifiedName})?$`)

export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && plainLabel.test(text)
}

export function checkPort(port: number): string | undefined {
  return port >= 1 && port <= 65_535 ? undefined : `port number ${port} must be in the range 1..65535`
}

/** A full name; the first label may be, or begin with, a star. */
export function checkWildcardDomain(domain: string): string | undefined {
  const length = checkLength(domain)
  if (length) return length
  const [first = '', ...rest] = domain.split('.')
  if (first.length > 63 || !wildcardLabel.test(first)) return invalidDomain(domain, first)
  return rest.length > 0 ? checkLabels(rest.join('.')) : undefined
}

export function checkDomain(domain: string): string | undefined {
  return checkLength(domain) ?? checkLabels(domain)
}

function checkLength(domain: string): string | undefined {
  if (domain.length > 255) return `domain name "${domain}" too long (max 255)`
  return domain.length === 0 ? 'empty domain name not allowed' : undefined
}

function checkLabels(domain: string): string | undefined {
  const labels = domain.split('.')
  const top = labels.at(-1) as string
  if (/^[-+]?\d+$/.test(top)) return `domain name "${domain}" invalid (top level domain "${top}" cannot be all-numeric)`
  // The last may be empty: a name may end with a dot.
  const wrong = labels.find((one, index) => !(index === labels.length - 1 && one === '') && !isDnsLabel(one))
  return wrong === undefined ? undefined : invalidDomain(domain, wrong)
}

function invalidDomain(domain: string, wrong: string): string {
  return `domain name "${domain}" invalid (label "${wrong}" invalid)`
}

const scopes = { gateway: ['*', '.'], sidecar: ['*', '.', '~'] } as const

/** `NAMESPACE/HOST` of a Gateway's server or a Sidecar's listener; a Gateway's may also be a host alone. */
export function checkScopedHost(host: string, kind: keyof typeof scopes): (string | undefined)[] {
  const slash = host.indexOf('/')
  if (slash < 0) return kind === 'gateway' ? checkHostPart(host, kind) : ['host must be of form namespace/dnsName']
  const [namespace, name] = [host.slice(0, slash), host.slice(slash + 1)]
  const isEmpty = namespace === '' || name === ''
  const isNamespace = (scopes[kind] as readonly string[]).includes(namespace) || isDnsLabel(namespace)
  return [
    isEmpty ? 'config namespace and dnsName in host entry cannot be empty' : undefined,
    isNamespace ? undefined : `invalid namespace value "${namespace}" in ${kind}`,
    ...checkHostPart(name, kind),
  ]
}

function checkHostPart(host: string, kind: keyof typeof scopes): (string | undefined)[] {
  const isShort = host !== '*' && !host.includes('.')
  const error = checkWildcardDomain(host)
  return [
    isShort ? 'short names (non FQDN) are not allowed' : undefined,
    // istiod says it twice of a Sidecar's, unless it is an address.
    kind === 'sidecar' ? error : undefined,
    isIP(host) === 0 ? error : undefined,
    checkPartialWildcard(host),
  ]
}

export function checkPartialWildcard(host: string): string | undefined {
  const isPartial = host.includes('*') && host.length !== 1 && !host.startsWith('*.')
  return isPartial ? `partial wildcard ${JSON.stringify(host)} not allowed` : undefined
}

export function checkIp(address: string): string | undefined {
  return isIP(address) === 0 ? `${address} is not a valid IP` : undefined
}

/** An address, or a range of them. */
export function checkSubnet(subnet: string): string | undefined {
  if (subnet.split('/').length !== 2) return checkIp(subnet)
  return prefixError(subnet) === undefined ? undefined : `${subnet} is not a valid CIDR block`
}

/** How an address begins that is a Unix socket's. */
export const UNIX = 'unix://'

export function checkUnixPath(path: string): string | undefined {
  if (path === '') return 'unix address must not be empty'
  const isFile = path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))
  return isFile ? undefined : `${path} is not an absolute path to a file`
}

export function checkPortName(name: string): string | undefined {
  return isDnsLabel(name) ? undefined : `invalid port name: ${name}`
}

/** Where a rule sends requests or connections. */
export function checkDestination({ host = '', subset, port }: Destination): (string | undefined)[] {
  return [
    host === '*' ? `invalid destination host ${host}` : checkWildcardDomain(host),
    subset ? checkSubsetName(subset) : undefined,
    port ? checkPort(port.number ?? 0) : undefined,
  ]
}

export function checkLabelMap(labels: Labels = {}): string[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(labelKeyError(key) ?? []),
    ...(labelValue.test(value) ? [] : [`invalid tag value: ${JSON.stringify(value)}`]),
  ])
}

function labelKeyError(key: string): [string] | undefined {
  const [match, domain = '', name = ''] = labelKey.exec(key) ?? []
  const words = `invalid tag key: ${JSON.stringify(key)}`
  if (match === undefined) return [words]
  if (domain.length > 253) return [`${words} (DNS prefix is too long)`]
  return name.length > 63 ? [`${words} (name is too long)`] : undefined
}

export function checkSubsetName(name: string): string | undefined {
  if (name === '') return 'subset name cannot be empty'
  return isDnsLabel(name) ? undefined : `subset name is invalid: ${name}`
}

/** Who may see an object. kind: a ServiceEntry may be shown to nobody; a DestinationRule for some pods not to others. */
export function checkExportTo(
  exportTo: readonly string[] = [],
  namespace: string,
  kind?: 'ServiceEntry' | 'DestinationRule with selector',
): string[] {
  const seen = new Set<string>()
  const errors = exportTo.flatMap((entry) => {
    const name = entry === '.' ? namespace : entry
    if (seen.has(name))
      return name === entry
        ? [`duplicate entries in exportTo for entry ${entry}`]
        : [`duplicate entries in exportTo: . and current namespace ${namespace}`]
    const error = kind === 'ServiceEntry' && entry === '~' ? undefined : visibilityError(name)
    if (error === undefined) seen.add(name)
    return error ?? []
  })
  if (kind === 'DestinationRule with selector' && seen.size > 0) errors.push(...beyondNamespace(seen, namespace))
  if (seen.has('*') && exportTo.length > 1)
    errors.push('cannot have both public (*) and non-public exportTo values for a resource')
  if (seen.has('~') && exportTo.length > 1) errors.push('cannot export service entry to no one (~) and someone')
  return errors
}

function visibilityError(name: string): string | undefined {
  if (name === '*' || name === '.') return undefined
  if (name === '~') return 'exportTo ~ (none) is not allowed for Istio configuration objects'
  return isDnsLabel(name) ? undefined : 'only .,*, or a valid DNS 1123 label is allowed as exportTo entry'
}

function beyondNamespace(seen: ReadonlySet<string>, namespace: string): string[] {
  const words = 'destination rule with workload selector cannot have'
  if (!seen.has(namespace)) return [`${words} exportTo beyond current namespace`]
  return seen.size > 1 ? [`${words} multiple entries in exportTo`] : []
}
