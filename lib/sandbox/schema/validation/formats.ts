/** Forms of names, labels and keys (k8s.io/apimachinery/pkg/util/validation), and what is said of those that differ. */
import { isIP } from 'node:net'
import { invalid, type Problem } from './problems.ts'

/** Says what is wrong with a text: nothing, one thing, or several. */
export type Format = (text: string) => string[]

interface Form {
  /** Said first of a text that does not match. */
  what: string
  pattern: string
  examples: readonly string[]
  /** In characters. */
  most?: number
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const qualifiedPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'

const forms = {
  dnsLabel: {
    what: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    pattern: label,
    examples: ['my-name', '123-abc'],
    most: 63,
  },
  dns1035Label: {
    what: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
    examples: ['my-name', 'abc-123'],
    most: 63,
  },
  dnsSubdomain: {
    what: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    pattern: `${label}(\\.${label})*`,
    examples: ['example.com'],
    most: 253,
  },
  wildcardDns: {
    what: "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    pattern: `\\*\\.${label}(\\.${label})*`,
    examples: ['*.example.com'],
    most: 253,
  },
  labelValue: {
    what: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    pattern: '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?',
    examples: ['MyValue', 'my_value', '12345'],
    most: 63,
  },
  configKey: {
    what: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    pattern: '[-._a-zA-Z0-9]+',
    examples: ['key.name', 'KEY_NAME', 'key-name'],
    most: 253,
  },
  envName: {
    what: "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
    pattern: '[-._a-zA-Z][-._a-zA-Z0-9]*',
    examples: ['my.env-name', 'MY_ENV.NAME', 'MyEnvName1'],
  },
  httpHeader: {
    what: "a valid HTTP header must consist of alphanumeric characters or '-'",
    pattern: '[-A-Za-z0-9]+',
    examples: ['X-Header-Name'],
  },
  percent: {
    what: "a valid percent string must be a numeric string followed by an ending '%'",
    pattern: '[0-9]+%',
    examples: ['1%', '93%'],
  },
} satisfies Record<string, Form>

function format({ what, pattern, examples, most = Number.POSITIVE_INFINITY }: Form): Format {
  const whole = new RegExp(`^(?:${pattern})$`)
  return (text) => [
    ...(text.length > most ? [mostCharacters(most)] : []),
    ...(whole.test(text) ? [] : [mismatch(what, pattern, examples)]),
  ]
}

function mismatch(what: string, pattern: string, examples: readonly string[]): string {
  const quoted = examples.map((example) => `'${example}'`).join(',  or ')
  return `${what} (e.g. ${quoted}, regex used for validation is '${pattern}')`
}

function mostCharacters(most: number): string {
  return `must be no more than ${most} characters`
}

export const isDns1035Label = format(forms.dns1035Label)
export const isDnsSubdomain = format(forms.dnsSubdomain)

const dnsLabel = format({ ...forms.dnsLabel, most: Number.POSITIVE_INFINITY })

/** A name that has dots, but would be good without, is told just that. */
export const isDnsLabel: Format = (text) => {
  const isDotted = text.includes('.') && isDnsSubdomain(text).length === 0
  return [
    ...(text.length > forms.dnsLabel.most ? [mostCharacters(forms.dnsLabel.most)] : []),
    ...(isDotted ? ['must not contain dots'] : dnsLabel(text)),
  ]
}
export const isWildcardDns = format(forms.wildcardDns)
export const isLabelValue = format(forms.labelValue)
export const isHttpHeader = format(forms.httpHeader)
export const isPercent = format(forms.percent)

/** Keys of data that become files: none of them may lead out of its folder. */
export const isConfigKey: Format = (text) => [...format(forms.configKey)(text), ...relativePath(text)]

export const isEnvName: Format = (text) => [...format(forms.envName)(text), ...relativePath(text)]

function relativePath(text: string): string[] {
  if (text === '.') return ["must not be '.'"]
  if (text === '..') return ["must not be '..'"]
  return text.startsWith('..') ? ["must not start with '..'"] : []
}

/** Keys of labels and annotations: a name, perhaps behind a domain and a slash. */
export const isQualifiedName: Format = (text) => {
  const parts = text.split('/')
  const what =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
  const form = mismatch(what, qualifiedPattern, ['MyName', 'my.name', '123-abc'])
  if (parts.length > 2)
    return [`a qualified name ${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const [prefix, name = ''] = parts.length === 2 ? parts : [undefined, parts[0]]
  return [
    ...(prefix === undefined
      ? []
      : prefix === ''
        ? ['prefix part must be non-empty']
        : isDnsSubdomain(prefix).map((message) => `prefix part ${message}`)),
    ...(name === '' ? ['name part must be non-empty'] : name.length > 63 ? [`name part ${mostCharacters(63)}`] : []),
    ...(new RegExp(`^(?:${qualifiedPattern})$`).test(name) ? [] : [`name part ${form}`]),
  ]
}

/** `acme.io/foo`: a domain, and a path below it. */
export const isDomainPath: Format = (text) => {
  const [domain = '', path] = text.split(/\/(.*)/s)
  if (!path) return ['must be a domain-prefixed path (such as "acme.io/foo")']
  return [
    ...isDnsSubdomain(domain).map((message) => `prefix part ${message}`),
    ...(/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path) ? [] : [`Invalid path (e.g. ${"'example.com/foo/bar'"})`]),
  ]
}

/** Names of ports, which DNS serves as services. */
export const isPortName: Format = (text) => [
  ...(text.length > 15 ? [mostCharacters(15)] : []),
  ...(/^[-a-z0-9]+$/.test(text) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(text) ? [] : ['must contain at least one letter (a-z)']),
  ...(text.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(text) ? ['must not begin or end with a hyphen'] : []),
]

/** Names that become part of a path, such as those of roles. */
export const isPathSegment: Format = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`]
  return ['/', '%'].filter((part) => text.includes(part)).map((part) => `may not contain '${part}'`)
}

export const isIpAddress: Format = (text) =>
  isIP(text) === 0 ? ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'] : []

/** One problem for each thing that the format finds wrong. */
export function inFormat(text: string, path: string, format: Format): Problem[] {
  return format(text).map((message) => invalid(path, text, message))
}
