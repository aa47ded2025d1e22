/** Causes in objects that the lesson does not make: somebody else's, or left over from another exercise. */
import { meansService } from '../hosts.ts'
import type { Item, Resource } from '../kube.ts'
import type { Words } from '../words/en.ts'
import { type Cause, deletionOf, isNamed, objectOf, titleOf } from './state.ts'

const security = { apiVersion: 'security.istio.io/v1beta1', namespaced: true }
const networking = { apiVersion: 'networking.istio.io/v1beta1', namespaced: true }

interface PolicyKind extends Resource {
  does: (item: Item, words: Words['causes']['does']) => string
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
    does: ({ spec }, say) => say.authorization(spec?.action ?? 'ALLOW', spec?.rules?.length ?? 0),
  },
  {
    ...security,
    kind: 'PeerAuthentication',
    plural: 'peerauthentications',
    does: ({ spec }, say) => say.mutualTls(spec?.mtls?.mode),
  },
  {
    ...security,
    kind: 'RequestAuthentication',
    plural: 'requestauthentications',
    does: (_, say) => say.tokens,
  },
  {
    ...networking,
    kind: 'Sidecar',
    plural: 'sidecars',
    does: ({ spec }, say) => say.reach((spec?.egress ?? []).flatMap((egress: Item) => egress.hosts ?? []).join(', ')),
  },
  {
    ...networking,
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    plural: 'envoyfilters',
    does: (_, say) => say.proxies,
  },
  {
    apiVersion: 'extensions.istio.io/v1alpha1',
    namespaced: true,
    kind: 'WasmPlugin',
    plural: 'wasmplugins',
    does: (_, say) => say.proxies,
  },
  {
    ...networking,
    kind: 'ServiceEntry',
    plural: 'serviceentries',
    concerns: ({ spec, metadata }) =>
      (spec?.hosts ?? []).some((host: string) => services.some((name) => covers(host, metadata?.namespace, name))),
    does: ({ spec }, say) => say.place((spec?.hosts ?? []).join(', ')),
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    namespaced: true,
    kind: 'NetworkPolicy',
    plural: 'networkpolicies',
    does: (_, say) => say.connections,
  },
]

export const policyKinds: readonly Resource[] = policies

/** Istio's own installation makes some of these as well; they carry its label. */
const BY_ISTIO = 'operator.istio.io/component'

export const foreignPolicies: Cause = ({ policies: items, words }) =>
  policies.flatMap(({ kind, does, concerns = () => true }) =>
    items
      .filter((item) => item.kind === kind && !item.metadata?.labels?.[BY_ISTIO] && concerns(item))
      .map((item) => ({
        why: `${objectOf(item, words)} ${does(item, words.causes.does)}${forPods(item, words)}`,
        mend: deletionOf(item),
      })),
  )

function forPods({ spec }: Item, { causes }: Words): string {
  const labels: Record<string, string> =
    spec?.selector?.matchLabels ?? spec?.workloadSelector?.labels ?? spec?.podSelector?.matchLabels ?? {}
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  return pairs.length > 0 ? causes.forPods(pairs.join(', ')) : ''
}

/** Of one host in one namespace Istio joins the rules; the oldest decides where they disagree. */
export const severalDestinationRules: Cause = ({ rules, words }) =>
  services.flatMap((service) => {
    const all = rules.filter(({ spec, metadata }) => covers(spec.host, metadata?.namespace, service))
    const foreign = all.filter((rule) => !isNamed(rule, 'DestinationRule', service))
    if (foreign.length === 0) return []
    const names = all.map((rule) => titleOf(rule, words)).join(', ')
    const { severalRules, otherRule } = words.causes
    return [
      { why: (all.length > 1 ? severalRules : otherRule)(service, names), mend: foreign.map(deletionOf).join('\n') },
    ]
  })

/** A host may stand for many: `*.default.svc.cluster.local`, `*.local`. */
function covers(host: string, namespace: string | undefined, service: string): boolean {
  if (!host.startsWith('*')) return meansService(host, namespace, service)
  return `${service}.default.svc.cluster.local`.endsWith(host.slice(1))
}

/** What else hangs on the gateway that the lesson opens, or listens beside it. */
export const otherWaysIn: Cause = ({ routes, gateways, words }) => {
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
      .map((route) => ({ why: words.causes.alsoOnGateway(objectOf(route, words)), mend: deletionOf(route) })),
    ...gateways
      .filter((gateway) => own && gateway !== own && portsOf(gateway).some((port) => portsOf(own).includes(port)))
      .map((gateway) => ({ why: words.causes.alsoListens(objectOf(gateway, words)), mend: deletionOf(gateway) })),
  ]
}

function portsOf(gateway: Item): number[] {
  return (gateway.spec?.servers ?? []).map(({ port }: Item) => port?.number)
}
