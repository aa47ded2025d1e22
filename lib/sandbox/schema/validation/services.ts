/** Services. */
import type { KubeObject } from '../../objects.ts'
import { parseCidr } from '../../ranges.ts'
import { checkSpecial } from './endpoints.ts'
import { inFormat, isDnsLabel, isDnsSubdomain, isIpAddress, isQualifiedName } from './formats.ts'
import { checkLabels } from './labels.ts'
import { checkPort, checkPortOrName, protocols } from './ports.ts'
import {
  asGo,
  duplicate,
  each,
  forbidden,
  goStrings,
  invalid,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const onlyForBalancers = "may only be used when `type` is 'LoadBalancer'"
const trafficPolicies = ['Cluster', 'Local']
/** Twice a day. */
const LONGEST_AFFINITY_SECONDS = 86_400

export function checkService({ spec = {} }: KubeObject): Problem[] {
  const { type, ports, selector, sessionAffinity, externalIPs } = spec
  const isExternalName = type === 'ExternalName'
  return [
    ...(ports?.length || isHeadless(spec) || isExternalName ? [] : [required('spec.ports')]),
    ...(type === 'LoadBalancer' ? checkExposed(ports, 'spec.ports') : []),
    ...(isHeadless(spec) && ['LoadBalancer', 'NodePort'].includes(type)
      ? [invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)]
      : []),
    ...(isExternalName ? checkExternalName(spec) : []),
    ...checkPorts(ports ?? [], 'spec.ports'),
    ...checkLabels(selector, 'spec.selector'),
    ...oneOf(sessionAffinity, 'spec.sessionAffinity', ['ClientIP', 'None']),
    ...(sessionAffinity === 'ClientIP'
      ? checkTimeout(
          spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 0,
          'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        )
      : []),
    ...(sessionAffinity === 'None' && spec.sessionAffinityConfig
      ? [forbidden('spec.sessionAffinityConfig', 'must not be set when session affinity is None')]
      : []),
    ...each(externalIPs, 'spec.externalIPs', (ip, at) =>
      isIpAddress(ip).length > 0 ? inFormat(ip, at, isIpAddress) : checkSpecial(ip, at),
    ),
    ...oneOf(type, 'spec.type', types),
    ...(type === 'ClusterIP' ? checkNoNodePorts(ports, 'spec.ports') : []),
    ...checkUnique(ports ?? [], 'spec.ports'),
    ...checkSourceRanges(spec, 'spec.LoadBalancerSourceRanges'),
    ...(type !== 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== undefined
      ? [forbidden('spec.allocateLoadBalancerNodePorts', onlyForBalancers)]
      : []),
    ...checkClass(spec, 'spec.loadBalancerClass'),
    ...checkTrafficPolicies(spec),
  ]
}

/** The server writes this field's name so. */
function checkSourceRanges({ type, loadBalancerSourceRanges: ranges = [] }: Part, path: string): Problem[] {
  if (ranges.length === 0) return []
  const text = 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 '
  return [
    ...(type === 'LoadBalancer' ? [] : [forbidden(path, onlyForBalancers)]),
    ...(ranges.every(parseCidr) ? [] : [invalid(path, `[${ranges.join(' ')}]`, text)]),
  ]
}

function checkClass({ type, loadBalancerClass }: Part, path: string): Problem[] {
  if (loadBalancerClass === undefined) return []
  return type === 'LoadBalancer'
    ? inFormat(loadBalancerClass, path, isQualifiedName)
    : [forbidden(path, onlyForBalancers)]
}

function checkTimeout(seconds: number, path: string): Problem[] {
  return seconds > 0 && seconds <= LONGEST_AFFINITY_SECONDS
    ? []
    : [invalid(path, seconds, `must be greater than 0 and less than ${LONGEST_AFFINITY_SECONDS}`)]
}

function isHeadless({ clusterIP, clusterIPs }: Part): boolean {
  return (clusterIPs?.[0] ?? clusterIP) === 'None'
}

function checkExternalName({ externalName = '', clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy }: Part): Problem[] {
  const name = externalName.replace(/\.$/, '')
  const ofOthers = { clusterIPs: clusterIP || clusterIPs?.length, ipFamilies: ipFamilies?.length, ipFamilyPolicy }
  return [
    ...Object.entries(ofOthers).flatMap(([field, value]) =>
      value ? [forbidden(`spec.${field}`, 'may not be set for ExternalName services')] : [],
    ),
    ...(name ? inFormat(name, 'spec.externalName', isDnsSubdomain) : [required('spec.externalName')]),
  ]
}

function checkPorts(ports: readonly Part[], path: string): Problem[] {
  const names = new Set<string>()
  return each(ports, path, ({ name, port, protocol, targetPort, appProtocol }, at) => {
    const isTaken = name && names.has(name)
    if (name) names.add(name)
    return [
      ...(name ? inFormat(name, `${at}.name`, isDnsLabel) : ports.length > 1 ? [required(`${at}.name`)] : []),
      ...(isTaken ? [duplicate(`${at}.name`, name)] : []),
      ...checkPort(port, `${at}.port`),
      ...oneOf(protocol, `${at}.protocol`, protocols),
      ...checkPortOrName(targetPort, `${at}.targetPort`),
      ...(appProtocol === undefined ? [] : inFormat(appProtocol, `${at}.appProtocol`, isQualifiedName)),
    ]
  })
}

/** The kubelet's own. */
const KUBELET_PORT = 10_250

function checkExposed(ports: Part, path: string): Problem[] {
  const text = `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`
  return each(ports, path, ({ port }, at) => (port === KUBELET_PORT ? [invalid(at, port, text)] : []))
}

function checkNoNodePorts(ports: Part, path: string): Problem[] {
  return each(ports, path, ({ nodePort }, at) =>
    nodePort ? [forbidden(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'")] : [],
  )
}

function checkUnique(ports: readonly Part[], path: string): Problem[] {
  const isRepeated = (of: (port: Part) => unknown, index: number) =>
    ports.slice(0, index).some((other) => of(other) === of(ports[index]))
  const nodePort = ({ protocol, nodePort: port }: Part) => (port ? `${protocol}/${port}` : Symbol())
  const port = ({ protocol, port: number }: Part) => `${protocol}/${number}`
  return [
    ...ports.flatMap((one, index) =>
      isRepeated(nodePort, index) ? [duplicate(`${path}[${index}].nodePort`, one.nodePort)] : [],
    ),
    ...ports.flatMap((one, index) => (isRepeated(port, index) ? [duplicate(`${path}[${index}]`, goPort(one))] : [])),
  ]
}

/** As Go prints a port of which only protocol and number are looked at. */
function goPort({ protocol, port }: Part) {
  return asGo(
    `core.ServicePort{Name:"", Protocol:${JSON.stringify(protocol)}, AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
  )
}

function checkTrafficPolicies(spec: Part): Problem[] {
  const { type, externalIPs, externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort } = spec
  const isReachable =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs?.length > 0)
  const at = 'spec.externalTrafficPolicy'
  return [
    ...(isReachable
      ? oneOf(externalTrafficPolicy, at, trafficPolicies)
      : externalTrafficPolicy === undefined
        ? []
        : [invalid(at, externalTrafficPolicy, 'may only be set for externally-accessible services')]),
    ...(healthCheckNodePort && !(type === 'LoadBalancer' && externalTrafficPolicy === 'Local')
      ? [
          invalid(
            'spec.healthCheckNodePort',
            healthCheckNodePort,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
          ),
        ]
      : []),
    ...oneOf(internalTrafficPolicy, 'spec.internalTrafficPolicy', trafficPolicies),
  ]
}

/** What once was given stays. */
export function checkServiceChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
  return [...checkAddressChange(spec, old), ...checkClassChange(spec, old)]
}

function checkClassChange(spec: Part, old: Part): Problem[] {
  const isSame = spec.loadBalancerClass === old.loadBalancerClass
  return spec.type !== 'LoadBalancer' || old.type !== 'LoadBalancer' || isSame
    ? []
    : [invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set')]
}

function checkAddressChange(spec: Part, old: Part): Problem[] {
  const isExternalName = spec.type === 'ExternalName' || old.type === 'ExternalName'
  const [next = '', before = ''] = [spec.clusterIPs?.[0] ?? spec.clusterIP, old.clusterIPs?.[0] ?? old.clusterIP]
  if (isExternalName || next === before || before === '') return []
  const list = spec.clusterIPs ?? (next ? [next] : [])
  const shown = goStrings(list)
  return [invalid('spec.clusterIPs[0]', shown, next ? 'may not change once set' : 'primary clusterIP can not be unset')]
}
