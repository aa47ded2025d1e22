/** Causes in objects that the lesson does not make: somebody else's, or left over from another exercise. */
import { meansService } from '../hosts.ts'
import type { Item, Resource } from '../kube.ts'
import { type Cause, isNamed, objectOf, titleOf } from './state.ts'

const security = { apiVersion: 'security.istio.io/v1beta1', namespaced: true }
const networking = { apiVersion: 'networking.istio.io/v1beta1', namespaced: true }

interface PolicyKind extends Resource {
  does: (item: Item) => string
  /** False for one that has nothing to do with Bookinfo. */
  concerns?: (item: Item) => boolean
}

const services = ['productpage', 'reviews', 'ratings', 'details'] as const

/** Each kind with what its objects do to traffic. */
const policies: readonly PolicyKind[] = [
  {
    ...security,
    kind: 'AuthorizationPolicy',
    plural: 'authorizationpolicies',
    does: ({ spec }) =>
      `lets requests in or refuses them with 403 (${spec?.action ?? 'ALLOW'}, ${spec?.rules?.length ?? 'no'} rules)`,
  },
  {
    ...security,
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    does: ({ spec }) => `decides who must come by mutual TLS (${spec?.mtls?.mode ?? 'by port'})`,
  },
  {
    ...security,
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    does: () => 'refuses requests whose token it does not know with 401',
  },
  {
    ...networking,
    kind: 'Sidecar',
    plural: 'sidecars',
    does: ({ spec }) => {
      const hosts = (spec?.egress ?? []).flatMap((egress: Item) => egress.hosts ?? [])
      return `limits what its pods know and reach${hosts.length > 0 ? ` to ${hosts.join(', ')}` : ''}`
    },
  },
  {
    ...networking,
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    does: () => 'changes what the proxies do with requests',
  },
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    namespaced: true,
    kind: 'WasmPlugin',
    plural: 'wasmplugins',
    does: () => 'changes what the proxies do with requests',
  },
  {
    ...networking,
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    concerns: ({ spec, metadata }) =>
      (spec?.hosts ?? []).some((host: string) => services.some((name) => covers(host, metadata?.namespace, name))),
    does: ({ spec }) => `says where ${(spec?.hosts ?? []).join(', ')} is`,
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    namespaced: true,
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    does: () => 'holds back connections to the pods that it selects',
  },
]

export const policyKinds: readonly Resource[] = policies

/** Istio's own installation makes some of these as well; they carry its label. */
const BY_ISTIO = 'operator.istio.io/component'

export const foreignPolicies: Cause = ({ policies: items }) =>
  policies.flatMap(({ kind, does, concerns = () => true }) =>
    items
      .filter((item) => item.kind === kind && !item.metadata?.labels?.[BY_ISTIO] && concerns(item))
      .map((item) => `${objectOf(item)} ${does(item)}${forPods(item)}`),
  )

function forPods({ spec }: Item): string {
  const labels: Record<string, string> =
    spec?.selector?.matchLabels ?? spec?.workloadSelector?.labels ?? spec?.podSelector?.matchLabels ?? {}
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  return pairs.length > 0 ? `, for pods with ${pairs.join(', ')}` : ''
}

/** Of one host in one namespace Istio joins the rules; the oldest decides where they disagree. */
export const severalDestinationRules: Cause = ({ rules }) =>
  services.flatMap((service) => {
    const names = rules.filter(({ spec, metadata }) => covers(spec.host, metadata?.namespace, service)).map(titleOf)
    if (names.length > 1) return [`several DestinationRules name the host ${service}: ${names.join(', ')}`]
    return names.some((name) => name !== service)
      ? [`another DestinationRule names the host ${service}: ${names.join(', ')}`]
      : []
  })

/** A host may stand for many: `*.default.svc.cluster.local`, `*.local`. */
function covers(host: string, namespace: string | undefined, service: string): boolean {
  if (!host.startsWith('*')) return meansService(host, namespace, service)
  return `${service}.default.svc.cluster.local`.endsWith(host.slice(1))
}

/** What else hangs on the gateway that the lesson opens, or listens beside it. */
export const otherWaysIn: Cause = ({ routes, gateways }) => {
  const own = gateways.find((gateway) => isNamed(gateway, 'Gateway', 'bookinfo-gateway'))
  const on = (route: Item) => {
    const names: string[] = route.spec.gateways ?? []
    const { namespace } = route.metadata ?? {}
    return names.some(
      (name) => name === 'default/bookinfo-gateway' || (name === 'bookinfo-gateway' && namespace === 'default'),
    )
  }
  return [
    ...routes
      .filter((route) => on(route) && !isNamed(route, 'VirtualService', 'bookinfo'))
      .map((route) => `${objectOf(route)} is on the Gateway bookinfo-gateway as well`),
    ...gateways
      .filter((gateway) => own && gateway !== own && portsOf(gateway).some((port) => portsOf(own).includes(port)))
      .map((gateway) => `${objectOf(gateway)} listens on the port of bookinfo-gateway as well`),
  ]
}

function portsOf(gateway: Item): number[] {
  return (gateway.spec?.servers ?? []).map(({ port }: Item) => port?.number)
}
