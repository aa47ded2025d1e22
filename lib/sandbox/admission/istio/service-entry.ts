import type { KubeObject } from '../../objects.ts'
import {
  checkDomain,
  checkExportTo,
  checkLabelMap,
  checkPartialWildcard,
  checkPort,
  checkPortName,
  checkSubnet,
  checkWildcardDomain,
} from './names.ts'
import { isFilled, type Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkProtocol, hasProtocol } from './protocols.ts'
import { checkLabelSelector } from './selectors.ts'
import { addressError, checkEntry, checkEntryPorts } from './workload-entry.ts'

export function checkServiceEntry({ metadata, spec }: KubeObject): Problems {
  const problems = new Problems()
  if (!checkLabelSelector(spec.workloadSelector, 'service entry', problems)) return problems
  const { hosts = [], addresses = [], ports = [], endpoints = [], resolution = 'NONE' } = spec
  if (spec.workloadSelector && isFilled(endpoints))
    problems.add('only one of WorkloadSelector or Endpoints is allowed in Service Entry')
  if (hosts.length === 0) problems.add('service entry must have at least one host')
  for (const host of hosts) {
    problems.add(host === '*' ? `invalid host ${host}` : checkWildcardDomain(host))
    if (host !== '*') problems.warn(checkPartialWildcard(host))
  }
  for (const address of addresses) problems.add(checkSubnet(address))
  if (addresses.some((address: string) => address.includes('/')) && !['NONE', 'STATIC'].includes(resolution))
    problems.add('CIDR addresses are allowed only for NONE/STATIC resolution types')
  checkServicePorts(spec, problems)
  endpointRules[resolution]?.(spec, new Set(ports.map(({ name = '' }: Part) => name)), problems)
  const isAmbiguous = ports.some(
    ({ protocol }: Part) => !hasProtocol(protocol, 'http') && !hasProtocol(protocol, 'tls'),
  )
  if (resolution !== 'NONE' && hosts.length > 1 && isAmbiguous)
    problems.add('multiple hosts provided with non-HTTP, non-TLS ports')
  problems.add(...checkExportTo(spec.exportTo, metadata.namespace ?? '', 'ServiceEntry'))
  return problems
}

function checkServicePorts({ ports = [], addresses = [], resolution = 'NONE' }: Part, problems: Problems): void {
  const names = new Set<string>()
  const numbers = new Set<number>()
  for (const { name = '', number = 0, targetPort = 0, protocol = '' } of ports) {
    if (names.has(name)) problems.add(`service entry port name ${JSON.stringify(name)} already defined`)
    names.add(name)
    if (numbers.has(number)) problems.add(`service entry port ${number} already defined`)
    numbers.add(number)
    if (targetPort !== 0) {
      problems.add(checkPort(targetPort))
      if (resolution === 'NONE') problems.warn('targetPort has no effect when resolution mode is NONE')
    }
    if (addresses.length === 0 && ['', 'TCP'].includes(protocol))
      problems.warn('addresses are required for ports serving TCP (or unset) protocol')
    problems.add(checkPortName(name), checkProtocol(protocol), checkPort(number))
  }
}

type Rule = (spec: Part, ports: ReadonlySet<string>, problems: Problems) => void

const named: Rule = ({ hosts = [], addresses = [], ports = [], endpoints = [], resolution }, names, problems) => {
  if (endpoints.length === 0)
    for (const host of hosts)
      if (checkDomain(host) !== undefined)
        problems.add(`hosts must be FQDN if no endpoints are provided for resolution mode ${resolution}`)
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
    problems.add(`there must only be 0 or 1 endpoint for resolution mode ${resolution}`)
  for (const endpoint of endpoints) {
    problems.add(addressError(endpoint.address ?? ''))
    problems.addListed(...checkLabelMap(endpoint.labels))
    checkEntryPorts(endpoint.ports ?? {}, names, problems)
  }
  if (addresses.length > 0 && hosts.length > 1 && ports.some(({ protocol }: Part) => hasProtocol(protocol, 'tcp')))
    problems.warn('service entry can not have more than one host specified simultaneously with address and tcp port')
}

/** What endpoints may be, by how their addresses are found. */
const endpointRules: Readonly<Record<string, Rule>> = {
  NONE: ({ endpoints }, _ports, problems) => {
    if (isFilled(endpoints)) problems.add('no endpoints should be provided for resolution type none')
  },
  STATIC: ({ endpoints = [] }, ports, problems) => {
    for (const endpoint of endpoints) checkEntry(endpoint, ports, problems)
  },
  DNS: named,
  DNS_ROUND_ROBIN: named,
}
