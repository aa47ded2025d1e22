/** A small client of the API for the sandbox's own istioctl and kubectl: the context of a kubeconfig, requests, watches. */

import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { readKubeconfig } from '../cluster/kubeconfig.ts'
import type { KubeObject } from '../objects.ts'
import type { Status } from '../status.ts'

interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query. */
  path: string
  /** Sent as JSON. */
  body?: unknown
  contentType?: string
  accept?: string
  userAgent?: string
}

/** The API answered with an error. */
export class ApiError extends Error {
  readonly status: Status

  constructor(status: Status) {
    super(status.message ?? status.reason ?? 'the server answered without a word')
    this.name = 'ApiError'
    this.status = status
  }
}

interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  object: KubeObject
}

export interface Client {
  server: string
  /** The context's own namespace. */
  namespace: string
  /** @throws ApiError */
  // biome-ignore lint/suspicious/noExplicitAny: what a path answers is known to who asks
  send: (request: Request) => Promise<any>
  text: (path: string) => Promise<string>
  /** The changes after a list, until the caller stops reading. @throws ApiError */
  watch: (path: string) => AsyncIterable<WatchEvent>
  close: () => void
}

/** Warnings that the API sends along are printed as kubectl prints them. */
const warningText = /^299 \S+ "(?<text>.*)"$/

/** Connects to the context that kubectl would use. @throws where there is none */
export function connect(options: { kubeconfig?: string | undefined; context?: string | undefined }): Client {
  const { server, authority, certificate, key, namespace } = contextOf(options)
  const url = new URL(server)
  const agent = new Agent({ keepAlive: true, ca: authority, cert: certificate, key, maxSockets: 8 })

  const open = ({ method = 'GET', path, body, contentType, accept, userAgent }: Request) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
      const outgoing = httpsRequest(
        {
          agent,
          host: url.hostname,
          port: url.port,
          method,
          path,
          headers: {
            accept: accept ?? 'application/json',
            'user-agent': userAgent ?? 'sandbox',
            ...(text === undefined
              ? {}
              : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        resolve,
      )
      outgoing.on('error', (cause) => reject(unreachable(url.host, cause)))
      outgoing.end(text)
    })

  const answered = async (request: Request): Promise<string> => {
    const response = await open(request)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    for (const value of [response.headers.warning ?? []].flat()) {
      const warning = warningText.exec(value)?.groups?.text
      if (warning) console.error(`Warning: ${warning}`)
    }
    if ((response.statusCode ?? 500) >= 400) throw new ApiError(statusOf(text, response.statusCode ?? 500))
    return text
  }

  return {
    server,
    namespace,
    send: async (request) => JSON.parse(await answered(request)),
    text: (path) => answered({ path, accept: '*/*' }),
    async *watch(path) {
      const response = await open({ path })
      if ((response.statusCode ?? 500) >= 400) {
        const lines: string[] = []
        for await (const line of createInterface({ input: response })) lines.push(line)
        throw new ApiError(statusOf(lines.join('\n'), response.statusCode ?? 500))
      }
      try {
        for await (const line of createInterface({ input: response })) if (line) yield JSON.parse(line) as WatchEvent
      } finally {
        response.destroy()
      }
    },
    close: () => agent.destroy(),
  }
}

function statusOf(text: string, code: number): Status {
  try {
    return JSON.parse(text) as Status
  } catch {
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: text, code }
  }
}

function unreachable(host: string, cause: NodeJS.ErrnoException): Error {
  const message =
    cause.code === 'ECONNREFUSED'
      ? `The connection to the server ${host} was refused - did you specify the right host or port?`
      : `Unable to connect to the server: ${cause.message}`
  return new Error(message, { cause })
}

interface Context {
  server: string
  authority: string
  certificate: string
  key: string
  namespace: string
}

function contextOf({
  kubeconfig,
  context,
}: {
  kubeconfig?: string | undefined
  context?: string | undefined
}): Context {
  const candidates = kubeconfig
    ? [kubeconfig]
    : (process.env.KUBECONFIG?.split(delimiter) ?? [join(process.env.HOME ?? '', '.kube', 'config')])
  const file = candidates.find((candidate) => candidate && existsSync(candidate))
  const config = file ? readKubeconfig(file) : undefined
  const name = context ?? config?.['current-context']
  if (context && !config?.contexts?.some((entry) => entry.name === context))
    throw new Error(`context "${context}" does not exist`)
  const found = config?.contexts?.find((entry) => entry.name === name)?.context
  const cluster = config?.clusters?.find((entry) => entry.name === found?.cluster)?.cluster
  const user = config?.users?.find((entry) => entry.name === found?.user)?.user
  // What kubectl asks where it knows no cluster.
  if (!found || !cluster)
    throw new Error('The connection to the server localhost:8080 was refused - did you specify the right host or port?')
  const authority = cluster['certificate-authority-data']
  const [certificate, key] = [user?.['client-certificate-data'], user?.['client-key-data']]
  if (!certificate || !key || !authority)
    throw new Error(`context "${name}" is not one of a sandbox; its cluster needs the real program`)
  const text = (data: string) => Buffer.from(data, 'base64').toString('utf8')
  return {
    server: cluster.server,
    authority: text(authority),
    certificate: text(certificate),
    key: text(key),
    namespace: found.namespace ?? 'default',
  }
}
