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
  /** Puts all right again. */
  repair: string
}

const routesAgain = 'kubectl apply -f manifests/virtual-service-all-v1.yaml'
const rulesAgain = 'kubectl apply -f manifests/destination-rule-all.yaml'

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
    repair: 'true',
  },
  {
    title: 'the gateway is gone',
    sabotage: 'kubectl delete gw bookinfo-gateway',
    script: '02-deploy.ts',
    step: 'gateway',
    names: /Gateway bookinfo-gateway/,
    repair: 'kubectl apply -f manifests/bookinfo-gateway.yaml',
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
export const startingRules: readonly string[] = ['destination-rule-all.yaml', 'virtual-service-all-v1.yaml']
