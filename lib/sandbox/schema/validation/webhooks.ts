/** Webhook configurations: whom the server would call, about what. */
import type { KubeObject } from '../../objects.ts'
import { inFormat, isDns1035Label, isDnsSubdomain } from './formats.ts'
import { checkSelector } from './labels.ts'
import { asGo, duplicates, each, inRange, invalid, oneOf, type Part, type Problem, required } from './problems.ts'

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const reviewVersions = ['v1', 'v1beta1']
const sideEffectClasses = ['None', 'NoneOnDryRun']

/** Of both kinds of configurations; only mutating webhooks have a reinvocation policy. */
export function checkWebhooks({ webhooks }: KubeObject): Problem[] {
  const names = ((webhooks ?? []) as Part[]).map(({ name }) => name as string | undefined)
  return [...each(webhooks, 'webhooks', checkWebhook), ...duplicates(names, (index) => `webhooks[${index}].name`)]
}

function checkWebhook(webhook: Part, path: string): Problem[] {
  const { name, rules, failurePolicy, matchPolicy, sideEffects, timeoutSeconds, reinvocationPolicy } = webhook
  return [
    ...checkFullName(name, `${path}.name`),
    ...each(rules, `${path}.rules`, checkRule),
    ...oneOf(failurePolicy, `${path}.failurePolicy`, ['Fail', 'Ignore']),
    ...oneOf(matchPolicy, `${path}.matchPolicy`, ['Equivalent', 'Exact']),
    ...(sideEffects === undefined
      ? [required(`${path}.sideEffects`, `must specify one of ${sideEffectClasses.join(', ')}`)]
      : oneOf(sideEffects, `${path}.sideEffects`, sideEffectClasses)),
    ...(timeoutSeconds === undefined ? [] : checkTimeout(timeoutSeconds, `${path}.timeoutSeconds`)),
    ...oneOf(reinvocationPolicy, `${path}.reinvocationPolicy`, ['IfNeeded', 'Never']),
    ...checkSelector(webhook.namespaceSelector, `${path}.namespaceSelector`),
    ...checkSelector(webhook.objectSelector, `${path}.objectSelector`),
    ...checkClient(webhook.clientConfig ?? {}, `${path}.clientConfig`),
    ...checkReviewVersions(webhook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`),
  ]
}

function checkFullName(name: string | undefined, path: string): Problem[] {
  if (!name) return [required(path)]
  const wrong = inFormat(name, path, isDnsSubdomain)
  if (wrong.length > 0 || name.split('.').length >= 3) return wrong
  return [invalid(path, name, 'should be a domain with at least three segments separated by dots')]
}

function checkTimeout(seconds: number, path: string): Problem[] {
  return seconds < 1 || seconds > 30
    ? [invalid(path, seconds, 'the timeout value must be between 1 and 30 seconds')]
    : []
}

function checkRule(rule: Part, path: string): Problem[] {
  const asked: string[] = rule.operations ?? []
  return [
    ...checkList(asked, `${path}.operations`, 'operations', 'admissionregistration.OperationType'),
    ...asked.flatMap((operation, index) => oneOf(operation, `${path}.operations[${index}]`, operations)),
    ...checkList(rule.apiGroups, `${path}.apiGroups`, 'API groups'),
    ...checkList(rule.apiVersions, `${path}.apiVersions`, 'API versions'),
    ...each(rule.apiVersions, `${path}.apiVersions`, (version, at) => (version ? [] : [required(at)])),
    ...checkResources(rule.resources ?? [], `${path}.resources`),
    ...oneOf(rule.scope, `${path}.scope`, ['*', 'Cluster', 'Namespaced']),
  ]
}

/** A list of what is meant, or `*` alone. */
function checkList(values: readonly string[] | undefined, path: string, what: string, type = 'string'): Problem[] {
  if (!values?.length) return [required(path)]
  return values.length > 1 && values.includes('*')
    ? [invalid(path, goList(values, type), `if '*' is present, must not specify other ${what}`)]
    : []
}

function checkResources(resources: readonly string[], path: string): Problem[] {
  if (resources.length === 0) return [required(path)]
  const isPlain = (resource: string) => resource !== '' && !resource.includes('/') && resource !== '*'
  return [
    ...resources.flatMap((resource, index) => checkResource(resource, resources.slice(0, index), `${path}[${index}]`)),
    ...(resources.length > 1 && resources.includes('*/*')
      ? [invalid(path, goList(resources), "if '*/*' is present, must not specify other resources")]
      : []),
    ...(resources.includes('*') && resources.some(isPlain)
      ? [invalid(path, goList(resources), "if '*' is present, must not specify other resources without subresources")]
      : []),
  ]
}

/** A subresource must not be in what an earlier item of the list covers. */
function checkResource(resource: string, earlier: readonly string[], path: string): Problem[] {
  if (resource === '') return [required(path)]
  const [name, subresource] = resource.split('/')
  if (subresource === undefined) return []
  return [`${name}/*`, `*/${subresource}`]
    .filter((wide) => earlier.includes(wide))
    .map((wide) => invalid(path, resource, `if '${wide}' is present, must not specify ${resource}`))
}

function goList(values: readonly string[], type = 'string') {
  return asGo(`[]${type}{${values.map((value) => JSON.stringify(value)).join(', ')}}`)
}

function checkClient({ url, service }: Part, path: string): Problem[] {
  if ((url === undefined) === (service === undefined))
    return [required(path, 'exactly one of url or service is required')]
  return service ? checkService(service, `${path}.service`) : checkUrl(url, `${path}.url`)
}

/** As RFC 3986 parts it. */
const urlForm = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/is

function checkUrl(url: string, path: string): Problem[] {
  const [, scheme = '', authority = '', query, fragment] = urlForm.exec(url) ?? []
  const at = authority.lastIndexOf('@')
  const [user, host] = [authority.slice(0, Math.max(at, 0)), authority.slice(at + 1)]
  const form = 'desired format: https://host[/path]'
  return [
    ...(scheme === 'https' ? [] : [invalid(path, scheme, `'https' is the only allowed URL scheme; ${form}`)]),
    ...(host ? [] : [invalid(path, host, `host must be specified; ${form}`)]),
    ...(at >= 0 ? [invalid(path, user, 'user information is not permitted in the URL')] : []),
    ...(fragment ? [invalid(path, fragment, 'fragments are not permitted in the URL')] : []),
    ...(query ? [invalid(path, query, 'query parameters are not permitted in the URL')] : []),
  ]
}

function checkService({ name, namespace, path: urlPath, port = 443 }: Part, path: string): Problem[] {
  return [
    ...(name ? [] : [required(`${path}.name`, 'service name is required')]),
    ...(namespace ? [] : [required(`${path}.namespace`, 'service namespace is required')]),
    ...inRange(port, `${path}.port`, 1, 65_535).map(() =>
      invalid(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'),
    ),
    ...(urlPath ? checkPath(urlPath, `${path}.path`) : []),
  ]
}

function checkPath(urlPath: string, path: string): Problem[] {
  if (urlPath === '/') return []
  const steps = urlPath.slice(1).replace(/\/$/, '').split('/')
  return [
    ...(urlPath.startsWith('/') ? [] : [invalid(path, urlPath, "must start with a '/'")]),
    ...steps.flatMap((step, index) =>
      step === ''
        ? [invalid(path, urlPath, `segment[${index}] may not be empty`)]
        : isDnsSubdomain(step).map((why) => invalid(path, urlPath, `segment[${index}]: ${why}`)),
    ),
  ]
}

function checkReviewVersions(versions: readonly string[], path: string): Problem[] {
  const known = reviewVersions.join(', ')
  if (versions.length === 0) return [required(path, `must specify one of ${known}`)]
  return [
    ...versions.flatMap((version, index) =>
      versions.indexOf(version) < index
        ? [invalid(`${path}[${index}]`, version, 'duplicate version')]
        : inFormat(version, `${path}[${index}]`, isDns1035Label),
    ),
    ...(versions.some((version) => reviewVersions.includes(version))
      ? []
      : [invalid(path, goList(versions), `must include at least one of ${known}`)]),
  ]
}
