/** Ways to break the lesson's routing, for whatever cluster it runs on: what is done, which proof is asked, what it says. */
import type { Ended } from './lab.ts'

export interface ClusterCase {
  title: string
  /** Typed in a shell of the lab. */
  sabotage: string
  script: string
  step: string
  /** The cause, as the proof must name it. */
  names: RegExp
  /** What is said to mend it, where that is more than the step again. */
  mends?: readonly string[]
  /** Puts all right again. */
  repair: string
}

const routesAgain = 'kubectl apply -f manifests/virtual-service-all-v1.yaml'
const rulesAgain = 'kubectl apply -f manifests/destination-rule-all.yaml'
const bookinfoAgain = 'kubectl apply -f manifests/bookinfo.yaml'
const fullName = 'reviews.default.svc.cluster.local'

const apply = (object: object) => `kubectl apply -f - <<'END'\n${JSON.stringify(object)}\nEND`

const of =
  (apiVersion: string) =>
  (kind: string, name: string, namespace = 'default') => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
  })
const networking = of('networking.istio.io/v1beta1')
const security = of('security.istio.io/v1beta1')

const to = (subset: string) => ({ route: [{ destination: { host: 'reviews', subset } }] })

/** Each begins where all is routed to v1, and ends there. */
export const clusterCases: readonly ClusterCase[] = [
  {
    title: 'a route is deleted',
    sabotage: 'kubectl delete vs reviews',
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /no VirtualService decides where reviews leads/,
    repair: routesAgain,
  },
  {
    title: 'the route that a step only changes is deleted',
    sabotage: 'kubectl delete vs reviews',
    script: '03-version-route.ts',
    step: 'reviews-v3',
    names: /no VirtualService decides where reviews leads/,
    mends: [
      'kubectl apply -f manifests/virtual-service-all-v1.yaml',
      './scripts/03-version-route.ts --only reviews-v3',
    ],
    repair: routesAgain,
  },
  {
    title: 'a tenth goes elsewhere',
    sabotage: `kubectl patch vs reviews --type merge -p '${split(90, 10)}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /v1 \(90 %\).*v3 \(10 %\)/,
    repair: routesAgain,
  },
  {
    title: 'half goes elsewhere',
    sabotage: `kubectl patch vs reviews --type merge -p '${split(50, 50)}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /v1 \(50 %\).*v3 \(50 %\)/,
    repair: routesAgain,
  },
  {
    title: 'the version has no pods',
    sabotage:
      'kubectl scale deploy reviews-v1 --replicas 0; kubectl wait --for=delete --timeout=60s pod -l app=reviews,version=v1',
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /deployment reviews-v1 is scaled to zero/,
    repair: 'kubectl scale deploy reviews-v1 --replicas 1; kubectl rollout status deploy/reviews-v1',
  },
  {
    title: 'the version of the last route has no pods',
    sabotage:
      'kubectl scale deploy reviews-v3 --replicas 0; kubectl wait --for=delete --timeout=60s pod -l app=reviews,version=v3',
    script: '03-version-route.ts',
    step: 'reviews-v3',
    names: /deployment reviews-v3 is scaled to zero/,
    mends: ['./scripts/02-deploy.ts --only bookinfo', './scripts/03-version-route.ts --only reviews-v3'],
    repair: `kubectl scale deploy reviews-v3 --replicas 1; kubectl rollout status deploy/reviews-v3; ${routesAgain}`,
  },
  {
    title: 'a subset is gone',
    sabotage: `kubectl patch dr reviews --type json -p '[{"op":"remove","path":"/spec/subsets/0"}]'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /subset v1 of reviews, which no DestinationRule defines/,
    repair: rulesAgain,
  },
  {
    title: 'the rules of section 4 were never applied',
    sabotage: 'true',
    script: '04-user-route.ts',
    step: 'jason',
    names: /sends everyone to v1; expected user jason to v2; everyone to v1/,
    repair: routesAgain,
  },
  {
    title: 'the gateway is gone',
    sabotage: 'kubectl delete gw bookinfo-gateway',
    script: '02-deploy.ts',
    step: 'gateway',
    names: /Gateway bookinfo-gateway/,
    mends: ['kubectl delete virtualservice reviews', './scripts/02-deploy.ts --only gateway'],
    repair: `kubectl apply -f manifests/bookinfo-gateway.yaml; ${routesAgain}`,
  },
]

/** As the others, with means that only a real cluster has: Istio's other kinds, and namespaces of other teams. */
export const istioCases: readonly ClusterCase[] = [
  {
    title: 'one in twenty goes elsewhere',
    sabotage: `kubectl patch vs reviews --type merge -p '${split(95, 5)}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /v1 \(95 %\).*v3 \(5 %\)/,
    repair: routesAgain,
  },
  {
    title: "another namespace's rule decides",
    sabotage: `kubectl delete vs reviews; kubectl create namespace team-b; ${apply({
      ...networking('VirtualService', 'theirs', 'team-b'),
      spec: { hosts: [fullName], http: [{ route: [{ destination: { host: fullName, subset: 'v3' } }] }] },
    })}`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /VirtualService theirs of namespace team-b sends everyone to v3/,
    repair: `kubectl delete namespace team-b; ${routesAgain}`,
  },
  {
    title: 'a fault is built into the route',
    sabotage: `kubectl patch vs reviews --type json -p '${JSON.stringify([
      { op: 'add', path: '/spec/http/0/fault', value: { abort: { httpStatus: 500, percentage: { value: 100 } } } },
    ])}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /sends everyone to v1 with fault \{"abort"/,
    repair: routesAgain,
  },
  {
    title: "the rule does not hold for the services' calls",
    sabotage: `kubectl patch vs reviews --type merge -p '{"spec":{"gateways":["bookinfo-gateway"]}}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /VirtualService reviews does not hold for calls between the services/,
    repair: `kubectl delete vs reviews; ${routesAgain}`,
  },
  {
    title: 'the rule is kept from the namespace',
    sabotage: `kubectl patch vs reviews --type merge -p '{"spec":{"exportTo":["istio-system"]}}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /exportTo \["istio-system"\] leaves out namespace default/,
    repair: `kubectl delete vs reviews; ${routesAgain}`,
  },
  {
    title: 'the rule for users goes by a pattern',
    sabotage: `${apply({
      ...networking('VirtualService', 'reviews'),
      spec: {
        hosts: ['reviews'],
        http: [{ match: [{ headers: { 'end-user': { regex: 'ja.*' } } }], ...to('v2') }, to('v1')],
      },
    })}`,
    script: '04-user-route.ts',
    step: 'jason',
    names: /requests that match \{"headers":\{"end-user":\{"regex":"ja\.\*"\}\}\} to v2/,
    repair: routesAgain,
  },
  {
    title: 'the rule for users looks at another header',
    sabotage: `${apply({
      ...networking('VirtualService', 'reviews'),
      spec: {
        hosts: ['reviews'],
        http: [{ match: [{ headers: { 'x-user': { exact: 'jason' } } }], ...to('v2') }, to('v1')],
      },
    })}`,
    script: '04-user-route.ts',
    step: 'jason',
    names: /"x-user"/,
    repair: routesAgain,
  },
  {
    title: 'the service of reviews selects other pods',
    sabotage: `kubectl patch svc reviews -p '{"spec":{"selector":{"app":"ratings"}}}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /Service reviews: spec\.selector\.app is "ratings", in the lesson's manifest "reviews"/,
    repair: bookinfoAgain,
  },
  {
    title: "the service's port is no longer one for HTTP",
    sabotage: `kubectl patch svc reviews --type json -p '[{"op":"replace","path":"/spec/ports/0/name","value":"tcp"}]'; kubectl delete dr reviews; ${apply(
      {
        ...networking('DestinationRule', 'reviews'),
        spec: { host: 'reviews', subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
      },
    )}`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /Service reviews: spec\.ports\[0\]\.name is "tcp"/,
    repair: `${bookinfoAgain}; ${rulesAgain}`,
  },
  {
    title: 'the gateway listens elsewhere',
    sabotage: `kubectl patch gw bookinfo-gateway --type json -p '[{"op":"replace","path":"/spec/servers/0/port/number","value":8081}]'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /Gateway bookinfo-gateway: spec\.servers\[0\]\.port\.number is 8081/,
    repair: 'kubectl apply -f manifests/bookinfo-gateway.yaml',
  },
  {
    title: 'the page itself is down',
    sabotage:
      'kubectl scale deploy productpage-v1 --replicas 0; kubectl wait --for=delete --timeout=60s pod -l app=productpage',
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /deployment productpage-v1 is scaled to zero/,
    repair: 'kubectl scale deploy productpage-v1 --replicas 1; kubectl rollout status deploy/productpage-v1',
  },
  {
    title: 'a policy lets nobody in',
    sabotage: apply({ ...security('AuthorizationPolicy', 'nobody'), spec: {} }),
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /AuthorizationPolicy nobody .*403/,
    repair: 'kubectl delete authorizationpolicy nobody',
  },
  {
    title: 'a Sidecar keeps productpage from reviews',
    sabotage: apply({
      ...networking('Sidecar', 'narrow'),
      spec: { workloadSelector: { labels: { app: 'productpage' } }, egress: [{ hosts: ['istio-system/*'] }] },
    }),
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /Sidecar narrow limits what its pods know and reach/,
    repair: 'kubectl delete sidecar narrow',
  },
  {
    title: 'mutual TLS is asked for and not spoken',
    sabotage: `${apply({ ...security('PeerAuthentication', 'default'), spec: { mtls: { mode: 'STRICT' } } })}
kubectl patch dr reviews --type merge -p '{"spec":{"trafficPolicy":{"tls":{"mode":"DISABLE"}}}}'`,
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /DestinationRule reviews: spec\.trafficPolicy is .*DISABLE.*PeerAuthentication default.*STRICT/s,
    repair: `kubectl delete peerauthentication default; kubectl delete dr reviews; ${rulesAgain}`,
  },
  {
    title: 'an EnvoyFilter answers in place of reviews',
    sabotage: apply({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'closed', namespace: 'default' },
      spec: {
        workloadSelector: { labels: { app: 'reviews' } },
        configPatches: [
          {
            applyTo: 'HTTP_FILTER',
            match: {
              context: 'SIDECAR_INBOUND',
              listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
            },
            patch: {
              operation: 'INSERT_FIRST',
              value: {
                name: 'envoy.filters.http.fault',
                typed_config: {
                  '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
                  abort: { http_status: 503, percentage: { numerator: 100 } },
                },
              },
            },
          },
        ],
      },
    }),
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /EnvoyFilter closed changes what the proxies do with requests, for pods with app=reviews/,
    repair: 'kubectl delete envoyfilter closed',
  },
]

function split(v1: number, v3: number): string {
  const route = [
    { destination: { host: 'reviews', subset: 'v1' }, weight: v1 },
    { destination: { host: 'reviews', subset: 'v3' }, weight: v3 },
  ]
  return JSON.stringify({ spec: { http: [{ route }] } })
}

/** The first answer of a check that is red, or the last of a few: a check gives a change no time to come to traffic. */
export async function turningRed(check: () => Promise<Ended>): Promise<Ended> {
  let answer = await check()
  for (let again = 0; again < 3 && answer.code === 0; again++) answer = await check()
  return answer
}

/** The commands that a failure says mend it, in their order. */
export function mendsOf(stderr: string): string[] {
  const [, first = '', more = ''] = /^ {2}mend {2}(.*\n)((?: {8}.*\n)*)/m.exec(stderr) ?? []
  return (first + more).split('\n').flatMap((line) => line.trim() || [])
}

export interface ManifestCase {
  title: string
  file: string
  from: string
  to: string
  script: string
  step: string
  names: RegExp
}

/** What is changed in a manifest, which step runs it, and what the script says. */
export const manifestCases: readonly ManifestCase[] = [
  {
    title: 'everyone is sent to v2',
    file: 'virtual-service-all-v1.yaml',
    from: 'host: reviews\n        subset: v1',
    to: 'host: reviews\n        subset: v2',
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /v2/,
  },
  {
    title: "jason's rule names another user",
    file: 'virtual-service-reviews-test-v2.yaml',
    from: 'exact: jason',
    to: 'exact: anna',
    script: '04-user-route.ts',
    step: 'jason',
    names: /jason|anna/,
  },
  {
    title: 'a subset has another label',
    file: 'destination-rule-all.yaml',
    from: '- name: v3\n    labels:\n      version: v3',
    to: '- name: v3\n    labels:\n      version: v7',
    script: '03-version-route.ts',
    step: 'destination-rules',
    names: /reviews: subset v3 selects version=v7/,
  },
  {
    title: 'the gateway listens on another port',
    file: 'bookinfo-gateway.yaml',
    from: 'number: 8080',
    to: 'number: 8081',
    script: '02-deploy.ts',
    step: 'gateway',
    names: /Gateway bookinfo-gateway listens on 8081 \(HTTP, \*\)/,
  },
  {
    title: 'a manifest cannot be read',
    file: 'virtual-service-all-v1.yaml',
    from: 'hosts:',
    to: 'hosts',
    script: '03-version-route.ts',
    step: 'all-v1',
    names: /virtual-service-all-v1\.yaml/,
  },
]

/** The manifests that put the cluster back to where every case begins. */
export const startingRules: readonly string[] = [
  'bookinfo-gateway.yaml',
  'destination-rule-all.yaml',
  'virtual-service-all-v1.yaml',
]
