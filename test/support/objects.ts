/** Kubernetes and Istio objects as a cluster gives them, cut down to what the lesson looks at. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Item } from '../../lib/kube.ts'
import { projectFolder } from '../../lib/state.ts'

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

export function gateway(name: string, port: number): Item {
  const servers = [{ port: { number: port, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }]
  return { apiVersion: networking, kind: 'Gateway', metadata: { name, namespace: 'default' }, spec: { servers } }
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

/** The objects of a manifest of the lesson, as the API gives them after they were applied. */
export function applied(file: string): Item[] {
  const text = readFileSync(join(projectFolder, 'manifests', file), 'utf8')
  return parseAllDocuments(text).map((document) => {
    const item = document.toJS() as Item
    const metadata = { ...item.metadata, namespace: 'default' }
    if (item.kind === 'Deployment') return { ...item, metadata, status: { availableReplicas: 1 } }
    if (item.kind !== 'Service') return { ...item, metadata }
    const ports = item.spec.ports.map((port: Item) => ({ protocol: 'TCP', targetPort: port.port, ...port }))
    return { ...item, metadata, spec: { type: 'ClusterIP', ...item.spec, ports } }
  })
}

/** Bookinfo as section 2 leaves it: its services and deployments, their pods, the way in. */
export function bookinfo(): Item[] {
  const objects = applied('bookinfo.yaml')
  const pods = objects
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => pod(metadata?.name ?? '', { labels: spec.template.metadata.labels }))
  return [...objects, ...pods, ...applied('bookinfo-gateway.yaml')]
}

/** The destination rules of section 3. */
export const subsetRules: readonly Item[] = applied('destination-rule-all.yaml')
