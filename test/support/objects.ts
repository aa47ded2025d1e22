/** Kubernetes and Istio objects as a cluster gives them, cut down to what the lesson looks at. */
import type { Item } from '../../lib/kube.ts'

type Fields = Readonly<Record<string, unknown>>

const networking = 'networking.istio.io/v1beta1'

interface DeploymentFields {
  namespace?: string
  replicas?: number
  available?: number
  image?: string
}

export function deployment(
  name: string,
  { namespace = 'default', replicas = 1, available = replicas, image = 'x' }: DeploymentFields = {},
): Item {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, generation: 1 },
    spec: { replicas, template: { spec: { containers: [{ name: 'main', image }] } } },
    status: { observedGeneration: 1, updatedReplicas: replicas, availableReplicas: available },
  }
}

/** A pod of a deployment, ready with its sidecar unless told otherwise. */
export function pod(
  owner: string,
  {
    ready = true,
    sidecar = true,
    status = {},
    spec = {},
    ...metadata
  }: Fields & { ready?: boolean; sidecar?: boolean; status?: Fields; spec?: Fields } = {},
): Item {
  const names = [owner.replace(/-v\d$/, ''), ...(sidecar ? ['istio-proxy'] : [])]
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${owner}-5b5d6494f4-x7k2p`, namespace: 'default', ...metadata },
    spec: { containers: names.map((name) => ({ name })), ...spec },
    status: {
      phase: ready ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: names.map((name) => ({ name, ready })),
      ...status,
    },
  }
}

export function virtualService(name: string, spec: Fields): Item {
  return { apiVersion: networking, kind: 'VirtualService', metadata: { name, namespace: 'default' }, spec }
}

/** A route of http: to one subset of reviews, or to several with their weights. */
export function to(subsets: string | Readonly<Record<string, number>>, rest: Fields = {}): Fields {
  const weights = typeof subsets === 'string' ? [[subsets] as const] : Object.entries(subsets)
  return {
    ...rest,
    route: weights.map(([subset, weight]) => ({
      destination: { host: 'reviews', subset },
      ...(weight ? { weight } : {}),
    })),
  }
}

export function reviewsRoute(...http: Fields[]): Item {
  return virtualService('reviews', { hosts: ['reviews'], http })
}

export const forJason: Fields = { match: [{ headers: { 'end-user': { exact: 'jason' } } }] }

/** Each subset selects the version of its name, or the one that is given. */
export function destinationRule(
  host: string,
  subsets: readonly string[] | Readonly<Record<string, string>>,
  name = host,
): Item {
  const versions = Array.isArray(subsets) ? subsets.map((subset) => [subset, subset]) : Object.entries(subsets)
  return {
    apiVersion: networking,
    kind: 'DestinationRule',
    metadata: { name, namespace: 'default' },
    spec: { host, subsets: versions.map(([subset, version]) => ({ name: subset, labels: { version } })) },
  }
}

const bookinfoDeployments = ['productpage-v1', 'details-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3']

/** Bookinfo as section 2 leaves it: six deployments, their pods, the way in. */
export function bookinfo(): Item[] {
  return [
    ...bookinfoDeployments.map((name) => deployment(name)),
    ...bookinfoDeployments.map((name) => pod(name)),
    { apiVersion: networking, kind: 'Gateway', metadata: { name: 'bookinfo-gateway', namespace: 'default' }, spec: {} },
    virtualService('bookinfo', {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: [{ route: [{ destination: { host: 'productpage', port: { number: 9080 } } }] }],
    }),
  ]
}

export const reviewsSubsets: Item = destinationRule('reviews', ['v1', 'v2', 'v3'])
