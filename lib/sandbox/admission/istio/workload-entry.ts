/** WorkloadEntry, which may also stand in a ServiceEntry, and WorkloadGroup. */
import { isIP } from 'node:net'
import type { KubeObject } from '../../objects.ts'
import { checkDomain, checkLabelMap, checkPort, checkPortName, checkUnixPath, UNIX } from './names.ts'
import type { Part } from './part.ts'
import { Problems } from './problems.ts'

export function checkWorkloadEntry({ spec }: KubeObject): Problems {
  const problems = new Problems()
  checkEntry(spec, undefined, problems)
  return problems
}

/** servicePorts: names of the ports of the ServiceEntry it stands in, where names of hosts are no addresses. */
export function checkEntry(entry: Part, servicePorts: ReadonlySet<string> | undefined, problems: Problems): void {
  const { address = '', network = '', ports = {}, labels } = entry
  if (address === '' && network === '') {
    problems.add('address is required')
    return
  }
  if (address === '') problems.warn(`address is unset with network ${JSON.stringify(network)}`)
  const isUnix = address.startsWith(UNIX)
  if (isUnix) {
    problems.add(checkUnixPath(address.slice(UNIX.length)))
    if (Object.keys(ports).length > 0) problems.add(`unix endpoint ${address} must not include ports`)
  } else if (address !== '' && !isIP(address)) {
    if (servicePorts) problems.add(`endpoint address ${JSON.stringify(address)} is not a valid IP address`)
    else problems.add(addressError(address))
  }
  problems.addListed(...checkLabelMap(labels))
  checkEntryPorts(ports, servicePorts, problems)
  // istiod looks twice.
  problems.addListed(...checkLabelMap(labels))
  if (isUnix && servicePorts && servicePorts.size !== 1)
    problems.add('exactly 1 service port required for unix endpoints')
}

export function addressError(address: string): string | undefined {
  if (isIP(address) || checkDomain(address) === undefined) return undefined
  return `endpoint address ${JSON.stringify(address)} is not a valid FQDN or an IP address`
}

export function checkEntryPorts(
  ports: Readonly<Record<string, number>>,
  servicePorts: ReadonlySet<string> | undefined,
  problems: Problems,
): void {
  for (const [name, port] of Object.entries(ports)) {
    if (servicePorts && !servicePorts.has(name))
      problems.add(`endpoint port ${port} is not defined by the service entry`)
    problems.add(checkPortName(name), checkPort(port))
  }
}

export function checkWorkloadGroup({ spec }: KubeObject): Problems {
  const problems = new Problems()
  if (!spec.template) {
    problems.add('template is required')
    return problems
  }
  const labels = new Problems()
  labels.addListed(...checkLabelMap(spec.metadata?.labels))
  if (labels.text !== undefined) problems.add(`invalid labels: ${labels.text}`)
  else if (spec.probe) checkProbe(spec.probe, problems)
  return problems
}

const numbers = ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold']

function checkProbe(probe: Part, problems: Problems): void {
  for (const field of numbers) if (probe[field] < 0) problems.add(`${field} must be non-negative`)
  const { httpGet, tcpSocket, exec } = probe
  if (httpGet) {
    problems.add(checkPort(httpGet.port ?? 0))
    if (!['', 'HTTP', 'HTTPS'].includes(httpGet.scheme ?? ''))
      problems.add('httpGet.scheme must be one of "http", "https"')
    for (const { name } of httpGet.httpHeaders ?? []) if (!name) problems.add('header name cannot be empty')
  } else if (tcpSocket) problems.add(checkPort(tcpSocket.port ?? 0))
  else if (!exec) problems.add('unknown health check method <nil>')
  else if (!exec.command?.length) problems.add('exec.command is required')
}
