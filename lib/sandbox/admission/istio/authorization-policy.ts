import type { KubeObject } from '../../objects.ts'
import { checkAttribute, checkIps, checkPorts, checkValues } from './attributes.ts'
import { isFilled, type Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkTargets } from './selectors.ts'

/** Fields of a source in istiod's order; those that also name what plain TCP knows. */
const sourceFields = [
  'principals',
  'requestPrincipals',
  'namespaces',
  'ipBlocks',
  'remoteIpBlocks',
  'notPrincipals',
  'notRequestPrincipals',
  'notNamespaces',
  'notIpBlocks',
  'notRemoteIpBlocks',
]
const httpSourceFields = ['requestPrincipals', 'notRequestPrincipals']
const operationFields = ['ports', 'methods', 'paths', 'hosts', 'notPorts', 'notMethods', 'notPaths', 'notHosts']

export function checkAuthorizationPolicy({ metadata, spec }: KubeObject): Problems {
  const problems = new Problems()
  const { action = 'ALLOW', provider, rules } = spec
  checkTargets(spec, problems)
  if (action === 'CUSTOM') checkCustom(spec, problems)
  else if (provider) problems.add(`\`provider\` must not be with non CUSTOM action, found ${action}`)
  if (action === 'DENY' && !isFilled(rules)) problems.add(`DENY action ${meaningless}`)
  for (const [index, rule] of (rules ?? []).entries()) checkRule(rule, index, action, problems)
  problems.prefix(`invalid policy ${metadata.name}.${metadata.namespace}:`)
  return problems
}

const meaningless =
  'without `rules` is meaningless as it will never be triggered, add an empty rule `{}` if you want it be triggered for every request'

/** What an external authorizer cannot be asked about. */
const notCustom = [
  'namespaces',
  'notNamespaces',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
]

function checkCustom({ rules, provider }: Part, problems: Problems): void {
  if (!isFilled(rules)) problems.add(`CUSTOM action ${meaningless}`)
  else if (!provider?.name) problems.add('`provider.name` must not be empty')
  const unsupported = (name: string) => problems.add(`${name} is currently not supported with CUSTOM action`)
  for (const { from = [], when = [] } of rules ?? []) {
    for (const { source = {} } of from)
      for (const field of notCustom) if (isFilled(source[field])) unsupported(`From.${capital(field)}`)
    for (const { key = '' } of when)
      if (['source.namespace', 'source.principal'].includes(key) || key.startsWith('request.auth.')) unsupported(key)
  }
}

function checkRule(rule: Part, index: number, action: string, problems: Problems): void {
  const { from = [], to = [], when = [] } = rule ?? {}
  for (const { source } of from) checkSource(source, index, problems)
  for (const { operation } of to) checkOperation(operation, index, problems)
  for (const condition of when) checkCondition(condition, problems)
  const sources = from.flatMap(({ source }: Part) => source ?? [])
  const operations = to.flatMap(({ operation }: Part) => operation ?? [])
  const tcpSources = sourceFields.filter((field) => !httpSourceFields.includes(field))
  const names = (parts: Part[], fields: readonly string[]) =>
    parts.some((part) => fields.some((field) => isFilled(part[field])))
  const isHttpOnly =
    (operations.length > 0 && !names(operations, ['ports', 'notPorts'])) ||
    (operations.length === 0 && sources.length > 0 && !names(sources, tcpSources))
  if (action === 'DENY' && isHttpOnly)
    problems.warn(
      'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule; it is recommended to explicitly specify the port',
    )
}

function checkSource(source: Part, index: number, problems: Problems): void {
  if (!source) {
    problems.add(`\`from.source\` must not be nil, found at rule ${index}`)
    return
  }
  if (!sourceFields.some((field) => isFilled(source[field])))
    problems.add(`\`from.source\` must not be empty, found at rule ${index}`)
  for (const field of ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'])
    problems.addListed(...checkIps(source[field]))
  for (const field of sourceFields) problems.add(checkValues(capital(field), source[field]))
}

function checkOperation(operation: Part, index: number, problems: Problems): void {
  if (!operation) {
    problems.add(`\`to.operation\` must not be nil, found at rule ${index}`)
    return
  }
  if (!operationFields.some((field) => isFilled(operation[field])))
    problems.add(`\`to.operation\` must not be empty, found at rule ${index}`)
  for (const field of ['ports', 'notPorts']) problems.addListed(...checkPorts(operation[field]))
  for (const field of operationFields) problems.add(checkValues(capital(field), operation[field]))
}

function checkCondition({ key = '', values, notValues }: Part, problems: Problems): void {
  if (key === '') {
    problems.add('`key` must not be empty')
    return
  }
  if (!isFilled(values) && !isFilled(notValues)) {
    problems.add(`at least one of \`values\` or \`notValues\` must be set for key ${key}`)
    return
  }
  for (const [word, list] of [
    ['value', values],
    ['notValue', notValues],
  ]) {
    const error = checkAttribute(key, list)
    if (error !== undefined) problems.add(`invalid \`${word}\` for \`key\` ${key}: ${error}`)
  }
}

function capital(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1)
}
