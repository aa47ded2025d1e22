/** Names and numbers as istiod accepts them; each check gives its words for what is wrong, or undefined. */
import { isIP } from 'node:net'
import type { Labels } from '../../objects.ts'

const label = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?'
const plainLabel = new RegExp(`^${label}$`)
const wildcardLabel = new RegExp(`^(?:\\*|(?:\\*|\\*-)?${label})$`)
const qualifiedName = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const labelKey = new RegExp(`^(?:${label}(?:\\.${label})*/)?${qualifiedName}$`)
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

/** Host of a Gateway's server: `NAMESPACE/HOST` or a host in full. */
export function checkServerHost(host: string): (string | undefined)[] {
  const slash = host.indexOf('/')
  if (slash < 0) return checkHostPart(host)
  const [namespace, name] = [host.slice(0, slash), host.slice(slash + 1)]
  const isEmpty = namespace === '' || name === ''
  const isNamespace = namespace === '*' || namespace === '.' || isDnsLabel(namespace)
  return [
    isEmpty ? 'config namespace and dnsName in host entry cannot be empty' : undefined,
    isNamespace ? undefined : `invalid namespace value "${namespace}" in gateway`,
    ...checkHostPart(name),
  ]
}

function checkHostPart(host: string): (string | undefined)[] {
  const isShort = host !== '*' && !host.includes('.')
  const isPartial = host.includes('*') && host.length !== 1 && !host.startsWith('*.')
  return [
    isShort ? 'short names (non FQDN) are not allowed' : undefined,
    isIP(host) === 0 ? checkWildcardDomain(host) : undefined,
    isPartial ? `partial wildcard "${host}" not allowed` : undefined,
  ]
}

export function checkLabelMap(labels: Labels = {}): string[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(labelKey.test(key) ? [] : [`invalid tag key: "${key}"`]),
    ...(labelValue.test(value) ? [] : [`invalid tag value: "${value}"`]),
  ])
}

export function checkSubsetName(name: string): string | undefined {
  if (name === '') return 'subset name cannot be empty'
  return isDnsLabel(name) ? undefined : `subset name is invalid: ${name}`
}

export function checkExportTo(exportTo: readonly string[] = [], namespace: string): string[] {
  const seen = new Set<string>()
  return exportTo.flatMap((entry) => {
    const name = entry === '.' ? namespace : entry
    if (seen.has(name))
      return name === entry
        ? [`duplicate entries in exportTo for entry ${entry}`]
        : [`duplicate entries in exportTo: . and current namespace ${namespace}`]
    if (name === '~') return ['exportTo ~ (none) is not allowed for Istio configuration objects']
    if (name !== '*' && !isDnsLabel(name)) return ['only .,*, or a valid DNS 1123 label is allowed as exportTo entry']
    seen.add(name)
    return []
  })
}
