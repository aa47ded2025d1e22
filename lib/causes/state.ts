/** What of a cluster the causes look at. Read only when a proof has failed. */
import { type Item, type Kube, type Resource, resources } from '../kube.ts'
import type { Words } from '../words/en.ts'

/** A rule for reviews as the lesson wants it. */
export interface WantedRule {
  /** Only for this user; for all the rest where there is none. */
  user?: string
  subset: string
}

/** An object as a manifest of the lesson has it. */
export interface Manifest extends Item {
  /** From the project's folder. */
  file: string
  /** It may be there or not. */
  optional: boolean
}

export interface State {
  /** Those of Bookinfo. */
  deployments: readonly Item[]
  services: readonly Item[]
  pods: readonly Item[]
  /** Virtual services and destination rules of all namespaces: they hold for a service that they name in full. */
  routes: readonly Item[]
  rules: readonly Item[]
  gateways: readonly Item[]
  /** Of the kinds in `policyKinds`, those that can hold for the lesson's pods. */
  policies: readonly Item[]
  manifests: readonly Manifest[]
  /** What reviews is expected to do; undefined where no rule is wanted yet. */
  wanted: readonly WantedRule[] | undefined
  words: Words
}

export interface Finding {
  /** In one sentence. */
  why: string
  /** The command that mends it; none where running the step again does. */
  mend?: string
}

/** Looks for one kind of cause; empty where it is not so. */
export type Cause = (state: State) => Finding[]

/** Where a rule holds for the whole mesh, and where the gateway is. */
const ISTIO_SYSTEM = 'istio-system'

/** @param policyKinds kinds of which the lesson itself makes no object */
export async function readState(
  kube: Kube,
  policyKinds: readonly Resource[],
  rest: Pick<State, 'words' | 'wanted' | 'manifests'>,
): Promise<State> {
  // The items of a list of Kubernetes' own kinds do not say their kind.
  const read = async (resource: Resource, namespace?: string) =>
    (await kube.list(resource, namespace)).items.map((item) => ({ ...item, kind: resource.kind }))
  const readPolicies = async (resource: Resource) =>
    // Who may not read these can still be told the rest.
    (await Promise.all(['default', ISTIO_SYSTEM].map((namespace) => read(resource, namespace).catch(() => [])))).flat()
  const [deployments, services, pods, routes, rules, gateways, policies] = await Promise.all([
    read(resources.deployments, 'default'),
    read(resources.services, 'default'),
    read(resources.pods, 'default'),
    read(resources.virtualServices),
    read(resources.destinationRules),
    read(resources.gateways),
    Promise.all(policyKinds.map(readPolicies)),
  ])
  const ofLesson = (item: Item) => rest.manifests.some(({ kind, metadata }) => isNamed(item, kind, metadata?.name))
  return {
    deployments: deployments.filter(ofLesson),
    services: services.filter(ofLesson),
    pods,
    routes,
    rules,
    gateways,
    policies: policies.flat(),
    ...rest,
  }
}

/** The object of this kind and name in the lesson's namespace. */
export function isNamed(item: Item, kind: string | undefined, name: string | undefined): boolean {
  return item.kind === kind && item.metadata?.name === name && item.metadata?.namespace === 'default'
}

/** Its name, with the namespace where that is not the lesson's. */
export function titleOf({ metadata }: Item, { causes }: Words): string {
  const { name = '', namespace = 'default' } = metadata ?? {}
  return namespace === 'default' ? name : causes.inNamespace(name, namespace)
}

/** Kind and name: `Service reviews`. */
export function objectOf(item: Item, words: Words): string {
  return `${item.kind} ${titleOf(item, words)}`
}

/** The command that takes an object away. */
export function deletionOf({ kind = '', metadata }: Item): string {
  const { name = '', namespace = 'default' } = metadata ?? {}
  const place = namespace === 'default' ? [] : ['-n', namespace]
  return ['kubectl delete', kind.toLowerCase(), name, ...place].join(' ')
}

/** Whether an object with labels is chosen by a selector of labels. */
export function selects(selector: Readonly<Record<string, string>> | undefined, item: Item): boolean {
  const labels = item.metadata?.labels ?? {}
  return Object.entries(selector ?? {}).every(([name, value]) => labels[name] === value)
}
