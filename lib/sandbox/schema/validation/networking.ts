/** Ingresses and network policies. */
import { isIP } from 'node:net'
import type { KubeObject } from '../../objects.ts'
import { isWithin, parseCidr } from '../../ranges.ts'
import {
  inFormat,
  isDns1035Label,
  isDnsSubdomain,
  isDomainPath,
  isPathSegment,
  isPortName,
  isWildcardDns,
} from './formats.ts'
import { checkSelector } from './labels.ts'
import { checkPort, checkPortOrName, protocols } from './ports.ts'
import {
  asGo,
  type Check,
  each,
  forbidden,
  immutable,
  invalid,
  notSupported,
  oneOf,
  type Part,
  type Problem,
  required,
  tooLong,
} from './problems.ts'

export function checkIngress({ spec = {} }: KubeObject): Problem[] {
  const { rules, defaultBackend, ingressClassName, tls } = spec
  return [
    ...(rules?.length || defaultBackend
      ? []
      : [
          invalid(
            'spec',
            asGo(`[]networking.IngressRule${rules ? '{}' : '(nil)'}`),
            'either `defaultBackend` or `rules` must be specified',
          ),
        ]),
    ...(defaultBackend ? checkBackend(defaultBackend, 'spec.defaultBackend') : []),
    ...each(rules, 'spec.rules', checkRule),
    ...each(tls, 'spec.tls', checkTls),
    ...(ingressClassName ? inFormat(ingressClassName, 'spec.ingressClassName', isDnsSubdomain) : []),
  ]
}

const checkRule: Check = ({ host, http }, path) => [
  ...(host && isIP(host) ? [invalid(`${path}.host`, host, 'must be a DNS name, not an IP address')] : []),
  ...(host ? checkHost(host, `${path}.host`) : []),
  ...(http && !http.paths?.length ? [required(`${path}.http.paths`)] : []),
  ...each(http?.paths, `${path}.http.paths`, checkPath),
]

function checkHost(host: string, path: string): Problem[] {
  return inFormat(host, path, host.includes('*') ? isWildcardDns : isDnsSubdomain)
}

const checkTls: Check = ({ hosts, secretName }, path) => [
  ...each(hosts, `${path}.hosts`, checkHost),
  ...(secretName ? inFormat(secretName, `${path}.secretName`, isDnsSubdomain) : []),
]

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']

const checkPath: Check = ({ path: url = '', pathType, backend = {} }, path) => {
  if (!pathType) return [required(`${path}.pathType`, 'pathType must be specified')]
  return [
    ...oneOf(pathType, `${path}.pathType`, pathTypes),
    ...checkUrl(url, pathType, `${path}.path`),
    ...checkBackend(backend, `${path}.backend`),
  ]
}

const forbiddenParts = ['//', '/./', '/../', '%2f', '%2F']
const forbiddenEnds = ['/..', '/.']

function checkUrl(url: string, pathType: string, path: string): Problem[] {
  const relative = url.startsWith('/') ? [] : [invalid(path, url, 'must be an absolute path')]
  if (pathType === 'ImplementationSpecific') return url === '' ? [] : relative
  if (!pathTypes.includes(pathType)) return []
  return [
    ...relative,
    ...forbiddenParts
      .filter((part) => url.includes(part))
      .map((part) => invalid(path, url, `must not contain '${part}'`)),
    ...forbiddenEnds.filter((end) => url.endsWith(end)).map((end) => invalid(path, url, `cannot end with '${end}'`)),
  ]
}

const checkBackend: Check = ({ service, resource }, path) => {
  if (!service && !resource) return [invalid(path, '', 'resource or service backend is required')]
  if (service && resource) return [invalid(path, '', 'cannot set both resource and service backends')]
  if (!service) return checkReference(resource, `${path}.resource`)
  const { name, port = {} } = service
  return [
    ...(name ? inFormat(name, `${path}.service.name`, isDns1035Label) : [required(`${path}.service.name`)]),
    ...checkBackendPort(port, path),
  ]
}

function checkBackendPort({ name, number }: Part, path: string): Problem[] {
  if (name && number) return [invalid(path, '', 'cannot set both port name & port number')]
  if (name) return inFormat(name, `${path}.service.port.name`, isPortName)
  return number ? checkPort(number, `${path}.service.port.number`) : [required(path, 'port name or number is required')]
}

const checkReference: Check = ({ apiGroup, kind, name }, path) => [
  ...(apiGroup === undefined ? [] : inFormat(apiGroup, `${path}.apiGroup`, isDnsSubdomain)),
  ...(kind ? inFormat(kind, `${path}.kind`, isPathSegment) : [required(`${path}.kind`, 'kind is required')]),
  ...(name ? inFormat(name, `${path}.name`, isPathSegment) : [required(`${path}.name`, 'name is required')]),
]

export function checkIngressClass({ spec = {} }: KubeObject): Problem[] {
  const { controller = '', parameters } = spec
  const path = 'spec.controller'
  return [
    ...(controller ? [] : [required(path)]),
    ...(controller.length > 250 ? [tooLong(path, 250)] : []),
    ...(controller ? inFormat(controller, path, isDomainPath) : []),
    ...(parameters ? checkClassParameters(parameters, 'spec.parameters') : []),
  ]
}

export function checkIngressClassChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
  return immutable(spec.controller, old.controller, 'spec.controller')
}

const checkClassParameters: Check = ({ apiGroup, kind, name, scope, namespace }, path) => [
  ...(apiGroup ? inFormat(apiGroup, `${path}.apiGroup`, isDnsSubdomain) : []),
  ...(kind ? [] : [required(`${path}.kind`, 'kind is required')]),
  ...(name ? [] : [required(`${path}.name`, 'name is required')]),
  ...(scope && ['Cluster', 'Namespace'].includes(scope)
    ? []
    : [scope ? notSupported(`${path}.scope`, scope, ['Cluster', 'Namespace']) : required(`${path}.scope`)]),
  ...(scope === 'Namespace' && !namespace
    ? [required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'")]
    : []),
]

export function checkNetworkPolicy({ spec = {} }: KubeObject): Problem[] {
  const { podSelector, ingress, egress } = spec
  return [
    ...checkSelector(podSelector, 'spec.podSelector'),
    ...each(ingress, 'spec.ingress', ({ from, ports }, path) => [
      ...each(ports, `${path}.ports`, checkPolicyPort),
      ...each(from, `${path}.from`, checkPeer),
    ]),
    ...each(egress, 'spec.egress', ({ to, ports }, path) => [
      ...each(ports, `${path}.ports`, checkPolicyPort),
      ...each(to, `${path}.to`, checkPeer),
    ]),
    ...checkPolicyTypes(spec.policyTypes, 'spec.policyTypes'),
  ]
}

function checkPolicyTypes(types: readonly string[] = [], path: string): Problem[] {
  if (types.length > policyTypes.length) {
    const shown = types.map((type) => JSON.stringify(type)).join(', ')
    return [invalid(path, asGo(`[]networking.PolicyType{${shown}}`), 'may not specify more than two policyTypes')]
  }
  return each(types, path, (type, at) => oneOf(type, at, policyTypes))
}

const policyTypes = ['Ingress', 'Egress']

const checkPolicyPort: Check = ({ protocol, port, endPort }, path) => [
  ...(protocol === undefined || protocols.includes(protocol)
    ? []
    : [notSupported(`${path}.protocol`, protocol, ['TCP', 'UDP', 'SCTP'])]),
  ...(typeof port === 'number' ? checkPort(port, `${path}.port`) : []),
  ...(endPort === undefined ? [] : checkEndPort(port, endPort, `${path}.endPort`)),
  ...(typeof port === 'string' ? checkPortOrName(port, `${path}.port`) : []),
]

function checkEndPort(port: number | string | undefined, endPort: number, path: string): Problem[] {
  if (port === undefined) return [invalid(path, endPort, 'may not be specified when `port` is not specified')]
  if (typeof port === 'string') return [invalid(path, endPort, 'may not be specified when `port` is non-numeric')]
  return [
    ...(endPort < port ? [invalid(path, port, 'must be greater than or equal to `port`')] : []),
    ...checkPort(endPort, path),
  ]
}

const checkPeer: Check = (peer, path) => {
  const { podSelector, namespaceSelector, ipBlock } = peer
  if (!podSelector && !namespaceSelector && !ipBlock) return [required(path, 'must specify a peer')]
  return [
    ...(podSelector ? checkSelector(podSelector, `${path}.podSelector`) : []),
    ...(namespaceSelector ? checkSelector(namespaceSelector, `${path}.namespaceSelector`) : []),
    ...(ipBlock ? checkIpBlock(ipBlock, `${path}.ipBlock`) : []),
    ...(ipBlock && (podSelector || namespaceSelector)
      ? [forbidden(path, 'may not specify both ipBlock and another peer')]
      : []),
  ]
}

function checkIpBlock({ cidr, except = [] }: Part, path: string): Problem[] {
  if (!cidr) return [required(`${path}.cidr`)]
  const range = parseCidr(cidr)
  if (!range) return [invalid(`${path}.cidr`, cidr, 'not a valid CIDR')]
  const problems: Problem[] = []
  for (const [index, text] of (except as string[]).entries()) {
    const at = `${path}.except[${index}]`
    const exception = parseCidr(text)
    if (!exception) return [...problems, invalid(at, text, 'not a valid CIDR')]
    if (!isWithin(exception, range)) problems.push(invalid(at, text, 'must be a strict subset of `cidr`'))
  }
  return problems
}
