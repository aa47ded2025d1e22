/** An API server of a test's own: Istio's kinds are there, and istiod's webhook has an endpoint. */
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { createRegistry, type Registry } from '../../../lib/sandbox/api/registry.ts'
import { startApi } from '../../../lib/sandbox/api/server.ts'
import { Tokens } from '../../../lib/sandbox/api/tokens.ts'
import { makeCertificates } from '../../../lib/sandbox/cluster/certificates.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'

/** What a client shows of itself. */
export interface Identity {
  cert: string
  key: string
}

interface Asked {
  headers?: Record<string, string>
  body?: string
  /** By a token in place of the administrator's certificate; nothing asks as nobody. */
  as?: string | undefined
  /** By this certificate in place of the administrator's. */
  identity?: Identity
}

export interface Answered {
  status: number
  headers: IncomingHttpHeaders
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: any answer of a server
  body: any
}

export interface TestApi {
  registry: Registry
  port: number
  administrator: Identity
  server: Identity
  /** As the administrator, unless told otherwise. */
  ask: (method: string, path: string, asked?: Asked) => Promise<Answered>
  close: () => Promise<void>
}

/** The recorded definitions and what else istioctl installs, by file. */
function recording(name: string): KubeObject[] {
  return JSON.parse(recordingText(name))
}

function recordingText(name: string): string {
  return readFileSync(new URL(`../../../lib/sandbox/cluster/recordings/${name}`, import.meta.url), 'utf8')
}

/** @param log told of a mistake of the sandbox itself, which fails the test where nothing else is said */
export async function startTestApi(log: (text: string) => void = failed): Promise<TestApi> {
  const store = new Store()
  const registry = createRegistry({ store })
  for (const name of ['default', 'istio-system'])
    registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  for (const definition of recording('istio-definitions.json'))
    registry.create('customresourcedefinitions.apiextensions.k8s.io', definition)
  answerWebhooks(store)
  for (const { resource, object } of JSON.parse(recordingText('rbac.json'))) store.create(resource, object)
  const certificates = await makeCertificates('kind-control-plane')
  const { serverKey: key, administratorKey } = certificates
  const administrator = { cert: certificates.administrator, key: administratorKey }
  const api = await startApi({
    registry,
    port: 0,
    tls: { key, cert: certificates.server, ca: certificates.authority },
    tokens: new Tokens(key),
    logs: { read: () => [], follow: () => () => undefined },
    log,
  })
  return {
    registry,
    port: api.port,
    administrator,
    server: { cert: certificates.server, key },
    ask: (method, path, asked = {}) =>
      ask(api.port, method, path, 'as' in asked ? asked : { identity: administrator, ...asked }),
    close: api.close,
  }
}

/** A definition of `cakes.example.com`, of one version or more. */
export function cakes(...versions: [name: string, version: object][]): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'cakes.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'cakes', singular: 'cake', kind: 'Cake', listKind: 'CakeList' },
      versions: versions.map(([name, version], index) => ({ name, served: true, storage: index === 0, ...version })),
    },
  }
}

function failed(text: string): never {
  throw new Error(text)
}

function answerWebhooks(store: Store): void {
  for (const object of recording('istio-demo.json'))
    if (object.kind === 'ValidatingWebhookConfiguration')
      store.create('validatingwebhookconfigurations.admissionregistration.k8s.io', object)
  store.create('endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    subsets: [{ addresses: [{ ip: '10.244.0.2' }] }],
  })
}

function ask(
  port: number,
  method: string,
  path: string,
  { headers = {}, body, as, identity }: Asked,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        rejectUnauthorized: false,
        ...identity,
        headers: { ...(as ? { authorization: `Bearer ${as}` } : {}), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const isJson = response.headers['content-type']?.includes('json')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: isJson && !path.includes('watch=') ? JSON.parse(text) : text,
          })
        })
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
