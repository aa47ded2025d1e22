/** What hangs on an object: its status, its scale, a pod's logs. */
import type { KubeObject } from '../objects.ts'
import { badRequest, methodNotAllowed, notFound, StatusError } from '../status.ts'
import { bind } from './binding.ts'
import { readBody } from './body.ts'
import { evict } from './eviction.ts'
import { type Answer, type Ask, ok, type Server } from './exchange.ts'
import { checkLogOptions, logAnswer } from './logs.ts'
import { writing } from './options.ts'
import { present } from './present.ts'
import { getScale, patchScale, replaceScale } from './scale.ts'
import type { Target } from './target.ts'
import { requestToken } from './token-requests.ts'
import { patched, placed, readObject } from './write.ts'

type Handler = (target: Target, ask: Ask, server: Server) => Answer | Promise<Answer>

const table: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { GET: getWhole, PUT: replaceStatus, PATCH: patchStatus },
  scale: { GET: getScale, PUT: replaceScale, PATCH: patchScale },
  log: { GET: getLog },
  binding: { POST: bind },
  eviction: { POST: evict },
  finalize: { PUT: finalize },
  token: { POST: requestToken },
}

/** What needs a running container, or somebody who decides. */
const refused: Readonly<Record<string, string>> = {
  exec: 'no command can be run in a pod',
  attach: 'there is nothing to attach to in a pod',
  portforward: "ports of pods cannot be forwarded; the page is served on the port of kind's configuration",
  proxy: 'requests are not passed on to pods, services or nodes',
  ephemeralcontainers: 'no container can be added to a running pod',
  approval: 'no certificate is signed',
}

/** @returns undefined where the kind has no such subresource */
export function subresources(target: Target, ask: Ask, server: Server): Answer | Promise<Answer> | undefined {
  const name = target.subresource as string
  if (!target.kind.subresources.includes(name)) {
    if (target.kind.custom) throw notFound(target.resource, target.name as string)
    return undefined
  }
  const why = refused[name]
  if (why !== undefined) {
    const object = server.registry.get(target.resource, proxied(target.name as string), target.namespace)
    if (inContainers.includes(name)) checkRunning(object, ask)
    throw notSimulated(why)
  }
  const handler = table[name]?.[ask.method]
  if (!handler) throw methodNotAllowed()
  return handler(target, ask, server)
}

/** What the kubelet of the pod's node does. */
const inContainers = ['exec', 'attach', 'portforward']

/** @throws BadRequest where no kubelet could do it */
function checkRunning({ metadata, spec }: KubeObject, { query }: Ask): void {
  const container = query.get('container')
  const all = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name)
  if (container && !all.includes(container))
    throw badRequest(`container ${container} is not valid for pod ${metadata.name}`)
  if (!spec.nodeName) throw badRequest(`pod ${metadata.name} does not have a host assigned`)
}

/** `https:reviews:9080` is the Service reviews: a proxy is told a scheme and a port with the name. */
function proxied(name: string): string {
  const parts = name.split(':')
  return parts[parts.length === 3 ? 1 : 0] as string
}

function notSimulated(why: string): StatusError {
  return new StatusError(501, 'NotImplemented', `this is a sandbox: ${why}`)
}

function stored({ resource, name, namespace }: Target, { registry }: Server): KubeObject {
  return registry.get(resource, name as string, namespace)
}

function getWhole(target: Target, ask: Ask, server: Server): Answer {
  return present(target, stored(target, server), 200, ask, server.registry.now())
}

async function replaceStatus(target: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { resource } = target
  const options = writing(ask, { subresource: 'status' })
  const object = await readObject(target, ask)
  const updated = registry.update(resource, placed(object, target), options)
  return present(target, updated, 200, ask, registry.now())
}

async function patchStatus(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const { object } = await patched(target, ask, server, 'status')
  return present(target, object, 200, ask, server.registry.now())
}

function getLog(target: Target, ask: Ask, server: Server): Answer {
  checkLogOptions(target.name as string, ask.query)
  const { registry, logs } = server
  return logAnswer(stored(target, server), ask, { logs, store: registry.store, now: registry.now() })
}

/** A namespace is let go by who puts back fewer finalizers. */
async function finalize(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const { spec } = (await readBody(ask)) as { spec?: object }
  const current = stored(target, server)
  return ok(server.registry.store.update(target.resource, { ...current, spec: { ...current.spec, ...spec } }))
}
