/**
 * What can be so in a cluster: each condition looks at one list of objects and names what is missing. Steps wait for
 * them, begin with them, and prove by them; `shell` says the same in kubectl's words where kubectl can wait for it.
 */
import { sameHost } from './hosts.ts'
import { type Item, isTrue, nameOf, type Resource, resources } from './kube.ts'
import { troubleOf } from './pods.ts'
import { type Command, sh } from './sh.ts'
import { versions } from './versions.ts'
import type { Words } from './words/en.ts'
import type { StepId } from './words/steps.ts'

export interface Condition {
  /** In the words of the language that is spoken. */
  what: (words: Words) => string
  resource: Resource
  namespace?: string
  /** What is not so yet, each with what is seen instead; empty when the condition holds. */
  missing: (items: readonly Item[], words: Words) => string[]
  /** Where something is missing: it comes by itself, as pods do that start. A step that needs it waits for it. */
  comes?: (items: readonly Item[]) => boolean
  /** The same wait as a student would type it, of at most so long: `300s`. */
  shell?: (limit: string) => readonly Command[]
  /** The step that brings it about. */
  step?: StepId
}

const istioSystem = 'istio-system'

export const nodeThere: Condition = {
  what: ({ conditions }) => conditions.nodeThere,
  resource: resources.nodes,
  missing: (nodes, { lacks }) => (nodes.length === 0 ? [lacks.node] : []),
  step: 'cluster',
}

export const nodesReady: Condition = {
  what: ({ conditions }) => conditions.nodesReady,
  resource: resources.nodes,
  missing: (nodes, { lacks }) =>
    nodes.length === 0
      ? [lacks.node]
      : nodes.filter((node) => !isTrue(node, 'Ready')).map((node) => lacks.readiness(nameOf(node))),
  shell: (limit) => [sh`kubectl wait --for=condition=Ready node --all --timeout=${limit}`],
  step: 'cluster',
}

/** Deployments whose newest pods are all available, and none of an older template left. */
export function available(namespace: string, ...names: string[]): Condition {
  return {
    what: ({ conditions }) => conditions.available(names.join(', ')),
    resource: resources.deployments,
    namespace,
    missing: (deployments, { lacks }) =>
      names.flatMap((name) => {
        const deployment = deployments.find((item) => nameOf(item) === name)
        if (!deployment) return [lacks.object(name)]
        const { replicas: wanted = 1 } = deployment.spec
        const status = deployment.status ?? {}
        const { availableReplicas = 0, updatedReplicas = 0, observedGeneration = 0, replicas = 0 } = status
        if (wanted === 0) return [lacks.replicas(name)]
        const settled = observedGeneration >= (deployment.metadata?.generation ?? 0) && updatedReplicas >= wanted
        return settled && availableReplicas >= wanted && replicas <= updatedReplicas
          ? []
          : [lacks.available(name, availableReplicas, wanted)]
      }),
    shell: (limit) => [
      sh`kubectl wait --for=condition=available -n ${namespace} ${names.map((name) => `deploy/${name}`)} --timeout=${limit}`,
    ],
    ...(namespace === istioSystem ? { step: 'istio' } : namespace === 'default' ? { step: 'bookinfo' } : {}),
  }
}

export const istioVersion: Condition = {
  what: ({ conditions }) => conditions.istio(versions.istio),
  resource: resources.deployments,
  namespace: istioSystem,
  missing: (deployments, { lacks }) =>
    ['istiod', 'istio-ingressgateway', 'istio-egressgateway'].flatMap((name) => {
      const image: string | undefined = deployments.find((item) => nameOf(item) === name)?.spec.template.spec
        .containers[0].image
      if (!image) return [lacks.object(name)]
      const tag = image.slice(image.lastIndexOf(':') + 1)
      // Images come plain, or with a suffix such as -distroless.
      return tag === versions.istio || tag.startsWith(`${versions.istio}-`) ? [] : [lacks.version(name, tag)]
    }),
  step: 'istio',
}

export const namespaceLabelled: Condition = {
  what: ({ conditions }) => conditions.namespaceLabelled,
  resource: resources.namespaces,
  missing: (namespaces) => {
    const labels = namespaces.find((item) => nameOf(item) === 'default')?.metadata?.labels ?? {}
    return labels['istio-injection'] === 'enabled'
      ? []
      : [`default: istio-injection=${labels['istio-injection'] ?? '<none>'}`]
  },
  step: 'sidecars',
}

/** kubectl gives a label no other value than it has: one that keeps sidecars away must go first. */
export const namespaceNotOptedOut: Condition = {
  what: ({ conditions }) => conditions.namespaceNotOptedOut,
  resource: resources.namespaces,
  missing: (namespaces) => {
    const value = namespaces.find((item) => nameOf(item) === 'default')?.metadata?.labels?.['istio-injection']
    return value === undefined || value === 'enabled' ? [] : [`default: istio-injection=${value}`]
  },
  step: 'sidecars',
}

const isGatewayPod = ({ metadata }: Item) => metadata?.labels?.istio === 'ingressgateway'

export const gatewayOnHostNetwork: Condition = {
  what: ({ conditions }) => conditions.gatewayOnHostNetwork,
  resource: resources.deployments,
  namespace: istioSystem,
  missing: (deployments, { lacks }) => {
    const gateway = deployments.find((item) => nameOf(item) === 'istio-ingressgateway')
    if (!gateway) return [lacks.object('istio-ingressgateway')]
    return gateway.spec.template.spec.hostNetwork ? [] : [lacks.hostNetwork('istio-ingressgateway')]
  },
  step: 'way-in',
}

/**
 * The gateway's pod on the node's network is ready, and the one from before the change on its way out: it drains for
 * five seconds and is in nobody's way, as `kubectl rollout status` has it too.
 */
export const oneGatewayPodOnHostNetwork: Condition = {
  what: ({ conditions }) => conditions.oneGatewayPod,
  resource: resources.pods,
  namespace: istioSystem,
  missing: (pods, { lacks }) => {
    const gateways = pods.filter((pod) => isGatewayPod(pod) && isInService(pod))
    if (gateways.length === 0) return [lacks.pod('istio-ingressgateway')]
    const old = gateways.filter((pod) => !pod.spec.hostNetwork).map((pod) => lacks.end(nameOf(pod)))
    const unready = gateways
      .filter((pod) => pod.spec.hostNetwork && !isTrue(pod, 'Ready'))
      .map((pod) => lacks.readiness(nameOf(pod)))
    return [...old, ...unready]
  },
  shell: (limit) => [sh`kubectl rollout status -n istio-system deploy/istio-ingressgateway --timeout=${limit}`],
  step: 'way-in',
}

/** No gateway pod comes or goes: while one takes the place of another, nobody may answer for a moment. */
export const gatewaySteady: Condition = {
  what: ({ conditions }) => conditions.oneGatewayPod,
  resource: resources.pods,
  namespace: istioSystem,
  missing: (pods, { lacks }) =>
    pods.filter(isGatewayPod).flatMap((pod) => {
      if (pod.metadata?.deletionTimestamp) return [lacks.end(nameOf(pod))]
      return isInService(pod) && !isTrue(pod, 'Ready') ? [lacks.readiness(nameOf(pod))] : []
    }),
}

/**
 * No new gateway pod waits for the ports that the old one holds. On the node's network the two cannot run side by side,
 * and the rollout keeps the old one until the new one is ready: it would wait for ever.
 */
export const gatewayHasPorts: Condition = {
  what: ({ conditions }) => conditions.gatewayHasPorts,
  resource: resources.pods,
  namespace: istioSystem,
  missing: (pods, words) =>
    pods.filter(isGatewayPod).flatMap((pod) => {
      const trouble = troubleOf(pod, words) ?? ''
      return /didn't have free ports/.test(trouble) ? [`${nameOf(pod)}: ${trouble}`] : []
    }),
  step: 'way-in',
}

/** No pod of these deployments is older than the namespace's label: what runs without a sidecar stays so. */
export function noPodWithoutSidecar(...deployments: string[]): Condition {
  return {
    what: ({ conditions }) => conditions.podsWithSidecar,
    resource: resources.pods,
    namespace: 'default',
    missing: (pods, { lacks }) =>
      pods
        .filter((pod) => deployments.some((deployment) => isPodOf(pod, deployment)))
        .filter((pod) => isInService(pod) && !hasSidecar(pod))
        .map((pod) => lacks.sidecar(nameOf(pod))),
    step: 'bookinfo',
  }
}

/** Each deployment's pods are ready with all their containers, the sidecar among them. */
export function podsWithSidecar(...deployments: string[]): Condition {
  return {
    what: ({ conditions }) => conditions.podsWithSidecar,
    resource: resources.pods,
    namespace: 'default',
    missing: (pods, words) =>
      deployments.flatMap((deployment) => {
        const own = podsOf(deployment, pods)
        return own.length === 0 ? [words.lacks.pod(deployment)] : own.flatMap((pod) => podFault(pod, words))
      }),
    comes: (pods) =>
      deployments.every((deployment) => {
        const own = podsOf(deployment, pods)
        return own.length > 0 && own.every((pod) => hasSidecar(pod) && !lacksImage(pod))
      }),
    step: 'bookinfo',
  }
}

function podsOf(deployment: string, pods: readonly Item[]): Item[] {
  return pods.filter((pod) => isPodOf(pod, deployment) && isInService(pod))
}

function lacksImage({ status }: Item): boolean {
  const containers: { state?: { waiting?: { reason?: string } } }[] = status?.containerStatuses ?? []
  return containers.some(({ state }) => /Image/.test(state?.waiting?.reason ?? ''))
}

function podFault(pod: Item, { lacks }: Words): string[] {
  if (!hasSidecar(pod)) return [lacks.sidecar(nameOf(pod))]
  const statuses: { ready: boolean }[] = pod.status?.containerStatuses ?? []
  const ready = statuses.filter((status) => status.ready).length
  const wanted = pod.spec.containers.length
  return ready === wanted ? [] : [lacks.containers(nameOf(pod), ready, wanted)]
}

/** From Istio 1.27 on the sidecar may be an init container. */
export function hasSidecar(pod: Item): boolean {
  const containers: { name: string }[] = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  return containers.some(({ name }) => name === 'istio-proxy')
}

/** Not on its way out, and not left behind: a pod that was evicted stays listed as Failed, and another takes its place. */
export function isInService({ metadata, status }: Item): boolean {
  return !metadata?.deletionTimestamp && !['Failed', 'Succeeded'].includes(status?.phase)
}

/** A deployment's pods are named after it, its template's hash and five random letters. */
export function isPodOf(pod: Item, deployment: string): boolean {
  return new RegExp(`^${deployment}-[a-z0-9]+-[a-z0-9]{5}$`).test(nameOf(pod))
}

export const bookinfoGateway: Condition = {
  what: ({ conditions }) => conditions.bookinfoGateway,
  resource: resources.gateways,
  namespace: 'default',
  missing: (gateways, words) => absent(gateways, ['bookinfo-gateway'], words),
  step: 'gateway',
}

/** No rule decides between the versions of reviews yet. */
export const noReviewsRoute: Condition = {
  what: ({ conditions }) => conditions.noReviewsRoute,
  resource: resources.virtualServices,
  namespace: 'default',
  missing: (routes, { lacks }) =>
    routes
      .filter((route) => route.spec.hosts?.some((name: string) => sameHost(name, 'reviews')))
      .map((route) => lacks.freedom(nameOf(route))),
  step: 'all-v1',
}

/** Virtual services of these names. */
export function routesExist(...names: string[]): Condition {
  return {
    what: ({ conditions }) => conditions.routesExist(names.join(', ')),
    resource: resources.virtualServices,
    namespace: 'default',
    missing: (routes, words) => absent(routes, names, words),
    step: 'all-v1',
  }
}

interface Subset {
  name: string
  labels?: Readonly<Record<string, string>>
}

/** Destination rules with these subsets, each by the label version; no other rule of that host says otherwise. */
export function destinationRules(subsetsOf: Readonly<Record<string, readonly string[]>>): Condition {
  return {
    what: ({ conditions }) => conditions.destinationRules(Object.keys(subsetsOf).join(', ')),
    resource: resources.destinationRules,
    namespace: 'default',
    missing: (rules, { lacks }) =>
      Object.entries(subsetsOf).flatMap(([host, wanted]) => {
        // Istio joins all rules of one host.
        const subsets = rules
          .filter((rule) => sameHost(rule.spec.host, host))
          .flatMap((rule) =>
            ((rule.spec.subsets ?? []) as Subset[]).map((subset) => ({ ...subset, rule: nameOf(rule) })),
          )
        if (!rules.some((rule) => sameHost(rule.spec.host, host))) return [lacks.rule(host)]
        const lacking = wanted.filter((name) => !subsets.some((subset) => subset.name === name))
        const mislabelled = subsets.filter(({ name, labels }) => wanted.includes(name) && labels?.version !== name)
        return [
          ...lacking.map((name) => lacks.subset(host, name)),
          ...mislabelled.map(({ name, labels, rule }) => {
            const place = rule === host ? name : `${name} (DestinationRule ${rule})`
            return lacks.label(host, place, labels?.version ?? '<none>')
          }),
        ]
      }),
    step: 'destination-rules',
  }
}

function absent(items: readonly Item[], names: readonly string[], { lacks }: Words): string[] {
  return names.filter((name) => !items.some((item) => nameOf(item) === name)).map(lacks.object)
}
