/** `tls` and `tcp` of a VirtualService. */
import { isIP } from 'node:net'
import { checkGatewayNames } from './gateway-names.ts'
import { checkDestination, checkLabelMap, checkPort, checkSubnet, checkWildcardDomain } from './names.ts'
import { isFilled, type Part } from './part.ts'
import type { Problems } from './problems.ts'

/** hosts: those of the VirtualService. */
export function checkTlsRoute({ match = [], route }: Part, hosts: readonly string[], problems: Problems): void {
  if (match.length === 0) problems.add('TLS route must have at least one match condition')
  for (const one of match) {
    const { sniHosts = [] } = one
    if (sniHosts.length === 0) problems.add('TLS match must have at least one SNI host')
    for (const host of sniHosts) checkSniHost(host, hosts, problems)
    checkConnection(one, problems)
    checkGatewayNames(one.gateways ?? [], problems)
  }
  if (!isFilled(route)) problems.add('TLS route is required')
  checkWeights(route ?? [], problems)
}

function checkSniHost(sniHost: string, hosts: readonly string[], problems: Problems): void {
  const error = checkWildcardDomain(sniHost)
  if (error !== undefined && isIP(sniHost)) {
    problems.warn(
      `using an IP address (${JSON.stringify(sniHost)}) goes against SNI spec and most clients do not support this`,
    )
    return
  }
  if (error !== undefined) {
    problems.add(error)
    return
  }
  const isWithin = (host: string) =>
    host === sniHost || host === '*' || (host.startsWith('*') && sniHost.endsWith(host.slice(1)))
  if (!hosts.some(isWithin))
    problems.add(
      `SNI host ${JSON.stringify(sniHost)} is not a compatible subset of any of the virtual service hosts: [${hosts.join(', ')}]`,
    )
}

export function checkTcpRoute({ match = [], route }: Part, problems: Problems): void {
  problems.addErrorsOf((own) => {
    for (const one of match) {
      checkConnection(one, own)
      checkGatewayNames(one.gateways ?? [], own)
    }
    if (!isFilled(route)) own.add('TCP route is required')
    checkWeights(route ?? [], own)
  })
}

function checkConnection({ destinationSubnets = [], port = 0, sourceLabels }: Part, problems: Problems): void {
  for (const subnet of destinationSubnets) problems.add(checkSubnet(subnet))
  if (port !== 0) problems.add(checkPort(port))
  problems.addListed(...checkLabelMap(sourceLabels))
}

function checkWeights(route: readonly Part[], problems: Problems): void {
  for (const { destination, weight = 0 } of route) {
    if (!destination) problems.addListed('destination is required')
    else problems.add(...checkDestination(destination))
    if (weight < 0) problems.add(`weight ${weight} < 0`)
  }
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0)
  if (route.length > 1 && total === 0) problems.add('total destination weight = 0')
}
