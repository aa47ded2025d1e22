/** What a pod, or a template of pods, asks for. */
import { isIP } from 'node:net'
import { goSyntax } from '../../go/syntax.ts'
import { checkAffinity, checkSpreads } from './affinity.ts'
import { checkContainers, checkInitContainers } from './containers.ts'
import { inFormat, isDnsLabel, isDnsSubdomain, isLabelValue, isQualifiedName } from './formats.ts'
import { checkLabels } from './labels.ts'
import {
  asGo,
  type Check,
  duplicates,
  each,
  goStrings,
  inRange,
  invalid,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'
import { checkPodSecurity, checkSystem } from './security-contexts.ts'
import { checkVolumes } from './volumes.ts'

const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const restartPolicies = ['Always', 'OnFailure', 'Never']
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** @param isPod not a template: then the host's ports are filled in already */
export function checkPodSpec(spec: Part, path: string, isPod = false): Problem[] {
  const volumes = checkVolumes(spec.volumes, `${path}.volumes`)
  return [
    ...volumes.problems,
    ...checkContainers(spec, volumes.names, path),
    ...checkInitContainers(spec, volumes.names, path),
    ...(spec.hostNetwork ? checkHostPorts(spec.containers, `${path}.containers`, isPod) : []),
    ...oneOf(spec.restartPolicy, `${path}.restartPolicy`, restartPolicies),
    ...oneOf(spec.dnsPolicy, `${path}.dnsPolicy`, dnsPolicies),
    ...checkLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...checkPodSecurity(spec, path),
    ...each(spec.imagePullSecrets, `${path}.imagePullSecrets`, ({ name }, at) =>
      name === '' ? [required(`${at}.name`)] : [],
    ),
    ...checkAffinity(spec.affinity ?? {}, `${path}.affinity`),
    ...checkDns(spec, `${path}.dnsConfig`),
    ...each(spec.readinessGates, `${path}.readinessGates`, ({ conditionType = '' }, at) =>
      inFormat(conditionType, `${at}.conditionType`, isQualifiedName),
    ),
    ...checkGates(spec.schedulingGates, `${path}.schedulingGates`),
    ...checkSpreads(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...named(spec, path, 'serviceAccountName', isDnsSubdomain),
    ...named(spec, path, 'nodeName', isDnsSubdomain),
    ...(spec.activeDeadlineSeconds === undefined
      ? []
      : inRange(spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`, 1, 2 ** 31 - 1)),
    ...named(spec, path, 'hostname', isDnsLabel),
    ...named(spec, path, 'subdomain', isDnsLabel),
    ...each(spec.tolerations, `${path}.tolerations`, checkToleration),
    ...each(spec.hostAliases, `${path}.hostAliases`, (alias) => checkHostAlias(alias, `${path}.hostAliases`)),
    ...named(spec, path, 'priorityClassName', isDnsSubdomain),
    ...named(spec, path, 'runtimeClassName', isDnsSubdomain),
    ...oneOf(spec.preemptionPolicy, `${path}.preemptionPolicy`, ['Never', 'PreemptLowerPriority']),
    ...checkSystem(spec, path),
  ]
}

/** What a resolver reads at most, as the server counts it. */
const MOST_NAMESERVERS = 3
const MOST_SEARCHES = 32
const MOST_SEARCH_LETTERS = 2048

function checkDns({ dnsPolicy, dnsConfig }: Part, path: string): Problem[] {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')]
    if (!dnsConfig.nameservers?.length)
      return [required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {}
  return [
    ...(nameservers.length > MOST_NAMESERVERS
      ? [
          invalid(
            `${path}.nameservers`,
            goStrings(nameservers),
            `must not have more than ${MOST_NAMESERVERS} nameservers`,
          ),
        ]
      : []),
    ...each(nameservers, `${path}.nameservers`, (address, at) =>
      isIP(address) ? [] : [invalid(at, address, 'must be valid IP address')],
    ),
    ...(searches.length > MOST_SEARCHES
      ? [invalid(`${path}.searches`, goStrings(searches), `must not have more than ${MOST_SEARCHES} search paths`)]
      : []),
    ...(searches.join(' ').length > MOST_SEARCH_LETTERS
      ? [
          invalid(
            `${path}.searches`,
            goStrings(searches),
            `must not have more than ${MOST_SEARCH_LETTERS} characters (including spaces) in the search list`,
          ),
        ]
      : []),
    ...each(searches, `${path}.searches`, (search, at) => inFormat(search.replace(/\.$/, ''), at, isDnsSubdomain)),
    ...each(options, `${path}.options`, ({ name }, at) => (name ? [] : [required(at, 'must not be empty')])),
  ]
}

function named(spec: Part, path: string, field: string, format: (text: string) => string[]): Problem[] {
  return spec[field] ? inFormat(spec[field], `${path}.${field}`, format) : []
}

function checkGates(gates: Part, path: string): Problem[] {
  return [
    ...each(gates, path, ({ name = '' }, at) => inFormat(name, at, isQualifiedName)),
    ...duplicates(
      (gates ?? []).map(({ name = '' }: Part) => name),
      (index) => `${path}[${index}]`,
    ),
  ]
}

function checkHostPorts(containers: Part, path: string, isPod: boolean): Problem[] {
  return each(containers, path, ({ ports }, at) =>
    each(ports, `${at}.ports`, ({ hostPort = 0, containerPort }, port) =>
      (isPod || hostPort !== 0) && hostPort !== containerPort
        ? [invalid(`${port}.hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true')]
        : [],
    ),
  )
}

const checkToleration: Check = (toleration, path) => {
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds } = toleration
  const at = `${path}.operator`
  return [
    ...(key ? inFormat(key, `${path}.key`, isQualifiedName) : []),
    ...(!key && operator !== 'Exists'
      ? [
          invalid(
            at,
            operator,
            'operator must be Exists when `key` is empty, which means "match all values and all keys"',
          ),
        ]
      : []),
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
      ? [invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")]
      : []),
    ...(operator === 'Exists'
      ? value
        ? [
            invalid(
              at,
              asGo(goSyntax('core.Toleration', toleration)),
              "value must be empty when `operator` is 'Exists'",
            ),
          ]
        : []
      : operator === '' || operator === 'Equal'
        ? inFormat(value, at, isLabelValue)
        : oneOf(operator, at, ['Equal', 'Exists'])),
    ...(effect ? oneOf(effect, `${path}.effect`, effects) : []),
  ]
}

/** @param path of the list: the server does not name the item */
function checkHostAlias({ ip = '', hostnames }: Part, path: string): Problem[] {
  return [
    ...(isIP(ip) === 0 ? [invalid(`${path}.ip`, ip, 'must be valid IP address')] : []),
    ...each(hostnames, `${path}.hostnames`, (name) => inFormat(name, `${path}.hostnames`, isDnsSubdomain)),
  ]
}
