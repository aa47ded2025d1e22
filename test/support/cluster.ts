/**
 * A kind cluster with Istio as the lesson's scripts meet it, in the test's own process: docker, kind, istioctl and
 * kubectl as programs on the PATH, an API to read, and the page, which follows the objects. No sandbox and no Docker.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import type { Item } from '../../lib/kube.ts'
import type { Version } from '../../lib/page.ts'
import { projectFolder } from '../../lib/state.ts'
import { type Api, kubeconfigText, startApi } from './api.ts'
import { type Bookinfo, type Caller, startBookinfo } from './bookinfo.ts'
import { type Lab, newLab } from './lab.ts'
import { freePort } from './listen.ts'
import { deployment, pod } from './objects.ts'
import { type Answer, answeredPrograms, type ProgramCall } from './programs.ts'

export interface Cluster extends Lab {
  api: Api
  /** The page's port on this machine. */
  port: number
  /** Makes the cluster, as `kind create cluster` would. */
  create: () => Promise<Answer>
  /** The commands that have been run, as one would type them. */
  lines: () => string[]
  /** Asked before each command: what it answers instead of doing its work. */
  instead: (line: string) => Answer | Promise<Answer> | undefined
  close: () => Promise<void>
}

const istioDeployments = ['istiod', 'istio-ingressgateway', 'istio-egressgateway']

export async function startCluster(): Promise<Cluster> {
  const port = await freePort()
  const objects = new Map<string, Item>()
  let node: { pagePort: number } | undefined
  let page: Bookinfo | undefined

  const keyOf = ({ kind, metadata }: Item) => `${kind}/${metadata?.namespace ?? ''}/${metadata?.name}`
  const find = (kind: string, name: string) =>
    [...objects.values()].find((item) => item.kind === kind && item.metadata?.name === name)
  const put = (item: Item) => {
    objects.set(keyOf(item), item)
    api.put(item)
  }
  const remove = (item: Item) => {
    objects.delete(keyOf(item))
    api.remove(item)
  }

  async function createCluster(config: string): Promise<Answer> {
    if (node) return { code: 1, stderr: 'ERROR: failed to create cluster: node(s) already exist' }
    node = { pagePort: parse(config).nodes[0].extraPortMappings[0].hostPort }
    put({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'kind-control-plane' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    })
    put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
    put(deployment('coredns', { namespace: 'kube-system' }))
    return { stderr: 'Set kubectl context to "kind-kind"\n' }
  }

  async function deleteCluster(): Promise<Answer> {
    for (const item of objects.values()) remove(item)
    node = undefined
    await page?.close()
    page = undefined
    return {}
  }

  function installIstio(): Answer {
    for (const name of istioDeployments)
      put(deployment(name, { namespace: 'istio-system', image: 'docker.io/istio/pilot:1.21.2' }))
    put(gatewayPod(false))
    return { stderr: 'Installation complete' }
  }

  function hostNetwork(): Answer {
    const gateway = deployment('istio-ingressgateway', {
      namespace: 'istio-system',
      image: 'docker.io/istio/proxyv2:1.21.2',
    })
    gateway.spec.template.spec.hostNetwork = true
    put(gateway)
    remove(gatewayPod(false))
    put(gatewayPod(true))
    return { stdout: 'deployment.apps/istio-ingressgateway patched\n' }
  }

  async function apply(item: Item): Promise<void> {
    item.metadata = { namespace: 'default', ...item.metadata }
    if (item.kind === 'Deployment') {
      put({ ...item, status: { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 } })
      const labelled = find('Namespace', 'default')?.metadata?.labels?.['istio-injection'] === 'enabled'
      put(pod(item.metadata?.name ?? '', { sidecar: labelled }))
    } else
      put({
        ...item,
        ...(item.apiVersion?.startsWith('networking') ? { apiVersion: 'networking.istio.io/v1beta1' } : {}),
      })
    // The gateway listens only once a Gateway asks it to.
    if (item.kind === 'Gateway') page ??= await startBookinfo(route, { port })
  }

  function route({ user, number }: Caller): Version {
    const rules = find('VirtualService', 'reviews')?.spec.http as Item[] | undefined
    if (!rules) return (['v1', 'v2', 'v3'] as const)[number % 3] ?? 'v1'
    const rule = rules.find(({ match }) => !match || match[0].headers['end-user'].exact === user)
    return rule?.route[0].destination.subset
  }

  const manifest = (line: string) => {
    const [, file = ''] = / -f (\S+)/.exec(line) ?? []
    return parseAllDocuments(readFileSync(join(projectFolder, file), 'utf8')).map((document) => document.toJS() as Item)
  }

  /** What each command does, by how it begins. */
  const commands: readonly [RegExp, (call: ProgramCall, line: string) => Answer | Promise<Answer>][] = [
    [/^docker version/, () => ({ stdout: '27.3.1\n' })],
    [/^docker container inspect/, () => (node ? { stdout: JSON.stringify([container(node.pagePort)]) } : { code: 1 })],
    [/^docker /, () => ({ code: 1 })],
    [/^kind version/, () => ({ stdout: 'kind v0.22.0 go1.20.13 linux/amd64\n' })],
    [/^kind create cluster/, ({ stdin }) => createCluster(stdin)],
    [
      /^kind get kubeconfig/,
      () =>
        node ? { stdout: kubeconfigText(`http://127.0.0.1:${api.port}`) } : { code: 1, stderr: 'no such cluster' },
    ],
    [/^kind delete cluster/, deleteCluster],
    [/^istioctl version/, () => ({ stdout: '1.21.2\n' })],
    [/^istioctl install/, installIstio],
    [/^kubectl version/, () => ({ stdout: 'Client Version: v1.29.2\n' })],
    [
      /^kubectl label namespace default istio-injection=enabled/,
      () => {
        put({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'default', labels: { 'istio-injection': 'enabled' } },
        })
        return { stdout: 'namespace/default labeled\n' }
      },
    ],
    [/^kubectl patch deploy/, hostNetwork],
    [
      /^kubectl patch vs reviews/,
      ({ args }) => {
        const old = find('VirtualService', 'reviews') as Item
        put({ ...old, spec: { ...old.spec, ...JSON.parse(args.at(-1) ?? '').spec } })
        return { stdout: 'virtualservice.networking.istio.io/reviews patched\n' }
      },
    ],
    [
      /^kubectl apply/,
      async (_call, line) => {
        const items = manifest(line)
        for (const item of items) await apply(item)
        return {
          stdout: items.map(({ kind, metadata }) => `${kind?.toLowerCase()}/${metadata?.name} configured\n`).join(''),
        }
      },
    ],
    [
      /^kubectl delete/,
      (_call, line) => {
        for (const { kind = '', metadata } of manifest(line)) {
          const item = find(kind, metadata?.name ?? '')
          if (item) remove(item)
        }
        return {}
      },
    ],
    [/^kubectl (get|cluster-info)/, (_call, line) => ({ stdout: `output of ${line}\n` })],
  ]

  const api = await startApi()
  const programs = await answeredPrograms(['docker', 'kind', 'istioctl', 'kubectl'], async (line, call) => {
    const other = await cluster.instead(line)
    if (other) return other
    const [, act] = commands.find(([pattern]) => pattern.test(line)) ?? []
    return act ? act(call, line) : { code: 1, stderr: `unknown command: ${line}\n` }
  })
  const lab = newLab({ path: [programs.folder] })
  const cluster: Cluster = {
    ...lab,
    api,
    port,
    create: () => createCluster(JSON.stringify({ nodes: [{ extraPortMappings: [{ hostPort: port }] }] })),
    // Questions to the machine aside.
    lines: () => programs.lines().filter((line) => !/^docker|version|kind get|readyz/.test(line)),
    instead: () => undefined,
    async close() {
      await Promise.all([api.close(), programs.close(), page?.close()])
    },
  }
  return cluster
}

function gatewayPod(onHostNetwork: boolean): Item {
  return pod(onHostNetwork ? 'istio-ingressgateway-new' : 'istio-ingressgateway-old', {
    namespace: 'istio-system',
    labels: { istio: 'ingressgateway' },
    spec: { hostNetwork: onHostNetwork },
  })
}

function container(pagePort: number): object {
  return {
    State: { Running: true },
    Config: { Image: 'kindest/node:v1.29.2' },
    HostConfig: { PortBindings: { '8080/tcp': [{ HostPort: String(pagePort) }] } },
  }
}
