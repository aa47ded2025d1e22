/** Endpoints and EndpointSlices. */
import { isIPv4, isIPv6 } from 'node:net'
import type { KubeObject } from '../../objects.ts'
import {
  type Format,
  inFormat,
  isDnsLabel,
  isDnsSubdomain,
  isIpAddress,
  isPortName,
  isQualifiedName,
} from './formats.ts'
import { checkPort, protocols } from './ports.ts'
import {
  atMost,
  type Check,
  duplicates,
  each,
  immutable,
  invalid,
  notSupported,
  oneOf,
  type Part,
  type Problem,
  required,
  tooMany,
} from './problems.ts'

/** Addresses that lead nowhere but to the machine itself, or to no single one (ValidateNonSpecialIP). */
const special: readonly [is: (ip: string) => boolean, why: string][] = [
  [(ip) => ip === '0.0.0.0', 'may not be unspecified (0.0.0.0)'],
  [(ip) => ip === '::', 'may not be unspecified (::)'],
  [(ip) => ip.startsWith('127.') || ip === '::1', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [(ip) => /^169\.254\.|^fe[89ab]/.test(ip), 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [(ip) => /^224\.0\.0\.|^ff02:/.test(ip), 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
]

/** Addresses that lead nowhere but to whoever uses them. */
export function checkSpecial(ip: string, path: string): Problem[] {
  if (isIpAddress(ip).length > 0) return [invalid(path, ip, 'must be a valid IP address')]
  return special.filter(([is]) => is(ip)).map(([, why]) => invalid(path, ip, why))
}

export function checkEndpoints({ subsets }: KubeObject): Problem[] {
  return each(subsets, 'subsets', ({ addresses = [], notReadyAddresses = [], ports = [] }, path) => [
    ...(addresses.length + notReadyAddresses.length > 0
      ? []
      : [required(path, 'must specify `addresses` or `notReadyAddresses`')]),
    ...each(addresses, `${path}.addresses`, checkAddress),
    ...each(notReadyAddresses, `${path}.notReadyAddresses`, checkAddress),
    ...each(ports, `${path}.ports`, (port, at) => checkEndpointPort(port, at, ports.length > 1)),
  ])
}

const checkAddress: Check = ({ ip = '', hostname, nodeName }, path) => [
  ...inFormat(ip, `${path}.ip`, isIpAddress),
  ...(hostname ? inFormat(hostname, `${path}.hostname`, isDnsLabel) : []),
  ...(nodeName ? inFormat(nodeName, `${path}.nodeName`, isDnsSubdomain) : []),
  ...checkSpecial(ip, `${path}.ip`),
]

function checkEndpointPort({ name, port = 0, protocol, appProtocol }: Part, path: string, isNamed: boolean): Problem[] {
  return [
    ...(name ? inFormat(name, `${path}.name`, isDnsLabel) : isNamed ? [required(`${path}.name`)] : []),
    ...checkPort(port, `${path}.port`),
    ...(protocol ? oneOf(protocol, `${path}.protocol`, protocols) : [required(`${path}.protocol`)]),
    ...(appProtocol === undefined ? [] : inFormat(appProtocol, `${path}.appProtocol`, isQualifiedName)),
  ]
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6']
const MOST_PORTS = 20_000
const MOST_ENDPOINTS = 1000
const MOST_ADDRESSES = 100

export function checkEndpointSlice({ addressType, ...slice }: KubeObject): Problem[] {
  const endpoints: readonly Part[] = slice.endpoints ?? []
  const ports: readonly Part[] = slice.ports ?? []
  return [
    ...checkAddressType(addressType),
    ...checkSliceEndpoints(endpoints, addressType),
    ...atMost(ports, 'ports', MOST_PORTS),
    ...duplicates(
      ports.map(({ name = '' }: Part) => name),
      (index) => `ports[${index}].name`,
    ),
    ...each(ports, 'ports', ({ name, protocol, appProtocol }, path) => [
      ...(name ? inFormat(name, `${path}.name`, isPortLabel) : []),
      ...(protocol ? oneOf(protocol, `${path}.protocol`, protocols) : [required(`${path}.protocol`)]),
      ...(appProtocol === undefined ? [] : inFormat(appProtocol, `${path}.appProtocol`, isQualifiedName)),
    ]),
  ]
}

const isPortLabel: Format = (text) => (text.length > 63 ? isPortName(text) : isDnsLabel(text))

function checkAddressType(type: string | undefined): Problem[] {
  if (!type) return [required('addressType')]
  return addressTypes.includes(type) ? [] : [notSupported('addressType', type, addressTypes)]
}

const addressChecks: Readonly<Record<string, (address: string, path: string) => Problem[]>> = {
  IPv4: (address, path) => [
    ...(isIPv4(address) ? [] : [invalid(path, address, 'must be a valid IPv4 address')]),
    ...checkSpecial(address, path),
  ],
  IPv6: (address, path) => [
    ...(isIPv6(address) ? [] : [invalid(path, address, 'must be a valid IPv6 address')]),
    ...checkSpecial(address, path),
  ],
  FQDN: (address, path) => inFormat(address, path, isDnsSubdomain),
}

function checkSliceEndpoints(endpoints: readonly Part[], type: string): Problem[] {
  if (endpoints.length > MOST_ENDPOINTS) return [tooMany('endpoints', endpoints.length, MOST_ENDPOINTS)]
  return each(endpoints, 'endpoints', ({ addresses = [], hostname, nodeName }, path) => [
    ...(addresses.length === 0 ? [required(`${path}.addresses`, 'must contain at least 1 address')] : []),
    ...atMost(addresses, `${path}.addresses`, MOST_ADDRESSES),
    ...each(addresses, `${path}.addresses`, addressChecks[type] ?? (() => [])),
    ...(nodeName ? inFormat(nodeName, `${path}.nodeName`, isDnsSubdomain) : []),
    ...(hostname ? inFormat(hostname, `${path}.hostname`, isDnsLabel) : []),
  ])
}

/** A slice keeps the kind of its addresses. */
export function checkEndpointSliceChange(next: KubeObject, old: KubeObject): Problem[] {
  return immutable(next.addressType, old.addressType, 'addressType')
}
