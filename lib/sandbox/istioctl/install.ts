/** `istioctl install`: applies the recorded objects of a profile, component by component, and waits for them. */
import { ApiError, type Client } from '../cli/client.ts'
import { discover, findResource, pathOf, type Resource } from '../cli/resources.ts'
import { recording } from '../cluster/recordings.ts'
import type { KubeObject } from '../objects.ts'
import { SYSTEM_NAMESPACE } from './istio.ts'

type Component = 'Base' | 'Pilot' | 'EgressGateways' | 'IngressGateways'

/** Which components a profile installs, each group after the one before is up. All have the demo profile's settings. */
const profiles: Readonly<Record<string, readonly (readonly Component[])[]>> = {
  demo: [['Base'], ['Pilot'], ['EgressGateways', 'IngressGateways']],
  default: [['Base'], ['Pilot'], ['IngressGateways']],
  minimal: [['Base'], ['Pilot']],
}

const titles: Readonly<Record<Component, string>> = {
  Base: 'Istio core',
  Pilot: 'Istiod',
  EgressGateways: 'Egress gateways',
  IngressGateways: 'Ingress gateways',
}

/** By which istioctl's fields are known in managedFields. */
const MANAGER = 'istio-operator'
const componentLabel = 'operator.istio.io/component'

export interface InstallOptions {
  profile: string
  /** Milliseconds for each component. */
  limitMs: number
  say: (line: string) => void
}

function profileComponents(profile: string): readonly (readonly Component[])[] {
  const components = profiles[profile]
  if (!components)
    throw new Error(
      `the sandbox's istioctl has the profiles ${Object.keys(profiles).join(', ')}; "${profile}" needs the real one`,
    )
  return components
}

/** `Istio core, Istiod, Ingress gateways, and Egress gateways` */
export function componentTitles(profile: string): string {
  const all = profileComponents(profile)
    .flat()
    .map((component) => titles[component])
  return `${all.slice(0, -1).join(', ')}, and ${all.at(-1)}`
}

export async function install(client: Client, { profile, limitMs, say }: InstallOptions): Promise<void> {
  const resources = await discover(client)
  const files = ['istio-definitions.json', 'istio-demo.json'] as const
  const objects = files.flatMap((file) => JSON.parse(recording(file)) as KubeObject[])
  await createNamespace(client)
  for (const components of profileComponents(profile)) {
    const names = components.map((component) => titles[component]).join(', ')
    const own = objects.filter(({ metadata }) => components.includes(metadata.labels?.[componentLabel] as Component))
    say(`- Processing resources for ${names}.`)
    await Promise.all(own.map((object) => apply(client, resources, object)))
    const deployments = own.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name)
    if (deployments.length > 0) {
      const [first] = deployments
      const what =
        deployments.length === 1 ? `Deployment/${SYSTEM_NAMESPACE}/${first}` : `Deployment/${SYSTEM_NAMESPACE}...`
      const isWaiting = await waitAvailable(client, deployments, limitMs)
      if (isWaiting) say(`- Processing resources for ${names}. Waiting for ${what}`)
    }
    for (const component of components) say(`✔ ${titles[component]} installed`)
  }
  say('- Pruning removed resources')
}

async function createNamespace(client: Client): Promise<void> {
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: SYSTEM_NAMESPACE },
  }
  try {
    await client.send({ method: 'POST', path: '/api/v1/namespaces?fieldManager=istioctl', body: namespace })
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.reason !== 'AlreadyExists') throw error
  }
}

async function apply(client: Client, resources: readonly Resource[], object: KubeObject): Promise<void> {
  const { metadata, kind, apiVersion } = object
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  const path = pathOf(findResource(resources, `${kind}${group}`), metadata.namespace, metadata.name)
  await client.send({
    method: 'PATCH',
    path: `${path}?fieldManager=${MANAGER}&force=true`,
    contentType: 'application/apply-patch+yaml',
    body: object,
  })
}

/** Returns whether there was anything to wait for. @throws when the time is over, with what is missing */
async function waitAvailable(client: Client, names: readonly string[], limitMs: number): Promise<boolean> {
  const path = `/apis/apps/v1/namespaces/${SYSTEM_NAMESPACE}/deployments`
  const { items, metadata } = await client.send({ path })
  const missing = new Set(
    names.filter((name) => !(items as KubeObject[]).some((item) => item.metadata.name === name && isAvailable(item))),
  )
  if (missing.size === 0) return false
  const seconds = Math.ceil(limitMs / 1000)
  const query = `watch=true&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=${seconds}`
  for await (const { type, object } of client.watch(`${path}?${query}`)) {
    if (type === 'MODIFIED' && isAvailable(object)) missing.delete(object.metadata.name)
    if (missing.size === 0) return true
  }
  const where = [...missing].map((name) => `Deployment/${SYSTEM_NAMESPACE}/${name}`).join(', ')
  throw new Error(`resources not ready after ${seconds}s: ${where}: context deadline exceeded`)
}

/** As many pods of the newest template as wanted, all available. */
function isAvailable({ metadata, spec, status }: KubeObject): boolean {
  const replicas = spec.replicas ?? 1
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 1) &&
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas
  )
}
