import { isIP } from 'node:net'
import { isClaim } from '../../mesh/match.ts'
import type { HTTPRoute, VirtualService } from '../../mesh/types.ts'
import { checkGatewayNames } from './gateway-names.ts'
import { checkHttpRoute } from './http-route.ts'
import { checkTcpRoute, checkTlsRoute } from './l4-routes.ts'
import { checkExportTo, checkWildcardDomain } from './names.ts'
import { Problems } from './problems.ts'
import { warnOfRepeated, warnOfUnreachable } from './unreachable.ts'

export function checkVirtualService({ metadata, spec }: VirtualService): Problems {
  const problems = new Problems()
  const { hosts = [], gateways = [], http = [], tcp = [], tls = [] } = spec as VirtualService['spec'] & OtherRoutes
  if (hosts.length === 0) {
    // Without a host of its own it must be one that others hand over to.
    if (gateways.length > 0) problems.add('delegate virtual service must have no gateways specified')
    if (tls.length > 0) problems.add('delegate virtual service must have no tls route specified')
    if (tcp.length > 0) problems.add('delegate virtual service must have no tcp route specified')
  }
  checkGatewayNames(gateways, problems)
  if (gateways.every((name) => name === 'mesh')) checkClaims(http, gateways, problems)
  checkHosts(hosts, gateways.length === 0 || gateways.includes('mesh'), problems)
  if (http.length === 0 && tcp.length === 0 && tls.length === 0)
    problems.add('http, tcp or tls must be provided in virtual service')
  for (const route of http) checkHttpRoute(route, hosts.length === 0, problems)
  for (const route of tls) checkTlsRoute(route, hosts, problems)
  for (const route of tcp) checkTcpRoute(route, problems)
  problems.add(...checkExportTo(spec.exportTo, metadata.namespace ?? ''))
  warnOfUnreachable(http, problems)
  warnOfRepeated(tcp, problems)
  warnOfRepeated(tls, problems)
  return problems
}

interface OtherRoutes {
  tcp?: readonly object[]
  tls?: readonly object[]
}

/** Claims of a token are known at gateways only. */
function checkClaims(http: readonly HTTPRoute[], gateways: readonly string[], problems: Problems): void {
  for (const { headers = {}, withoutHeaders = {} } of http.flatMap(({ match = [] }) => match))
    for (const name of [...Object.keys(headers), ...Object.keys(withoutHeaders)])
      if (isClaim(name))
        problems.add(
          `JWT claim based routing (key: ${name}) is only supported for gateway, found no gateways: [${gateways.join(' ')}]`,
        )
}

function checkHosts(hosts: readonly string[], appliesToMesh: boolean, problems: Problems): void {
  const wrong = hosts.flatMap((host) => {
    const error = checkWildcardDomain(host)
    if (error) return isIP(host) ? [] : [error]
    return appliesToMesh && host === '*'
      ? ['wildcard host * is not allowed for virtual services bound to the mesh gateway']
      : []
  })
  problems.add(...wrong)
  if (wrong.length > 0) return
  for (const [index, one] of hosts.entries())
    for (const other of hosts.slice(index + 1))
      if (overlap(one, other)) problems.add(`duplicate hosts in virtual service: ${one} & ${other}`)
}

/** Whether some host may match both. */
function overlap(one: string, other: string): boolean {
  const [suffix, otherSuffix] = [one, other].map((host) => (host.startsWith('*') ? host.slice(1) : undefined))
  if (suffix !== undefined && otherSuffix !== undefined)
    return suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix)
  if (suffix !== undefined) return other.length >= suffix.length && other.endsWith(suffix)
  return otherSuffix !== undefined ? one.length >= otherSuffix.length && one.endsWith(otherSuffix) : one === other
}
