/** Causes at the way in: for whom the gateway listens, and where the page's path leads. */
import { sameHost } from '../hosts.ts'
import type { Item } from '../kube.ts'
import type { Words } from '../words/en.ts'
import { type Finding, isNamed, objectOf, type State, selects, titleOf } from './state.ts'

/** Of the pods that istioctl's ingress gateway runs in. */
const gatewayPod: Item = { metadata: { labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' } } }

/** The port of the node that this machine's port leads to. */
const GATEWAY_PORT = 8080

const PAGE = { path: '/productpage', service: 'productpage', port: 9080 }

type WayIn = Pick<State, 'gateways' | 'routes' | 'words'>

/** The lesson's own way in leads elsewhere, also where its manifest says so. */
export const wayIn = ({ gateways, routes, words }: WayIn): Finding[] => {
  const gateway = gateways.find((item) => isNamed(item, 'Gateway', 'bookinfo-gateway'))
  const route = routes.find((item) => isNamed(item, 'VirtualService', 'bookinfo'))
  if (!gateway || !route) {
    const gone = [...(gateway ? [] : ['Gateway bookinfo-gateway']), ...(route ? [] : ['VirtualService bookinfo'])]
    return [{ why: words.causes.gone(gone) }]
  }
  return [...faultsOfGateway(gateway, words), ...faultsOfRoute(route, words)].map((why) => ({ why }))
}

function faultsOfGateway(gateway: Item, words: Words): string[] {
  const { selector, servers = [] } = gateway.spec
  const { causes } = words
  const listens = servers.some(
    ({ port, hosts = [] }: Item) =>
      port?.number === GATEWAY_PORT &&
      port.protocol === 'HTTP' &&
      hosts.some((host: string) => /^(.*\/)?\*$/.test(host)),
  )
  const said = servers.map(({ port, hosts }: Item) => `${port?.number} (${port?.protocol}, ${hosts?.join(', ')})`)
  return [
    ...(selects(selector, gatewayPod) ? [] : [causes.forOtherPods(objectOf(gateway, words), JSON.stringify(selector))]),
    ...(listens ? [] : [causes.listensElsewhere(objectOf(gateway, words), said.join(', '), GATEWAY_PORT)]),
  ]
}

function faultsOfRoute(route: Item, words: Words): string[] {
  const { hosts = [], gateways = [], http = [] } = route.spec
  const { causes } = words
  const title = titleOf(route, words)
  const onGateway = gateways.some((name: string) => /^(default\/)?bookinfo-gateway$/.test(name))
  const places = placesOf(http.find(({ match }: Item) => !match?.length || match.some(meetsPage)))
  const wanted = `${PAGE.service}:${PAGE.port}`
  const leads = places.length > 0 && places.every((place) => place === wanted)
  return [
    ...(onGateway ? [] : [causes.onOtherGateways(title, JSON.stringify(gateways))]),
    ...(hosts.includes('*') ? [] : [causes.forOtherHosts(title, hosts.join(', '))]),
    ...(leads ? [] : [causes.pageLeads(title, PAGE.path, places.join(causes.and) || causes.noDestination, wanted)]),
  ]
}

function meetsPage({ uri, ...rest }: { uri?: { exact?: string; prefix?: string } }): boolean {
  if (Object.keys(rest).length > 0) return false
  return uri === undefined || uri.exact === PAGE.path || (uri.prefix !== undefined && PAGE.path.startsWith(uri.prefix))
}

/** `productpage:9080` */
function placesOf(http: Item | undefined): string[] {
  return (http?.route ?? []).map(({ destination: { host, port } }: Item) => {
    const service = sameHost(host, PAGE.service) ? PAGE.service : host
    return `${service}:${port?.number ?? PAGE.port}`
  })
}
