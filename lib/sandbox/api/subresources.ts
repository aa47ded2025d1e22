/** What hangs on an object: its status, its scale, a pod's logs. */
import type { KubeObject } from '../objects.ts'
import { decode } from '../schema/decode.ts'
import { patch } from '../schema/patch.ts'
import { invalid, invalidError } from '../schema/validation/problems.ts'
import { StatusError } from '../status.ts'
import { readBody } from './body.ts'
import { type Answer, type Ask, fieldValidation, isDryRun, managerOf, ok, type Server } from './exchange.ts'
import { logAnswer } from './logs.ts'
import { present } from './present.ts'
import type { Target } from './target.ts'
import { requestToken } from './token-requests.ts'
import { contentType, patched, placed, writing } from './write.ts'

type Handler = (target: Target, ask: Ask, server: Server) => Answer | Promise<Answer>

const table: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { GET: getWhole, PUT: replaceStatus, PATCH: patchStatus },
  scale: { GET: getScale, PUT: replaceScale, PATCH: patchScale },
  log: { GET: getLog },
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
  binding: 'pods are placed by the scheduler alone',
}

/** @returns undefined where the kind has no such subresource */
export function subresources(target: Target, ask: Ask, server: Server): Answer | Promise<Answer> | undefined {
  const name = target.subresource as string
  if (!target.kind.subresources.includes(name)) return undefined
  const why = refused[name]
  if (why !== undefined) throw notSimulated(why)
  const handler = table[name]?.[ask.method]
  if (!handler)
    throw new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource')
  return handler(target, ask, server)
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
  const { kind, version, resource } = target
  const { object, warnings } = decode(kind, version, await ask.body(), contentType(ask), fieldValidation(ask))
  for (const warning of warnings) ask.warn(warning)
  const updated = registry.update(resource, placed(object, target), writing(ask, { subresource: 'status' }))
  return present(target, updated, 200, ask, registry.now())
}

async function patchStatus(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const { object } = await patched(target, ask, server, 'status')
  return present(target, object, 200, ask, server.registry.now())
}

interface Scale {
  metadata: KubeObject['metadata']
  spec: { replicas?: number }
}

function scaleOf({ metadata, spec, status }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const labels = Object.entries((spec.selector?.matchLabels ?? spec.selector ?? {}) as Record<string, string>)
  const selector = labels.map(([key, value]) => `${key}=${value}`).join(',')
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    spec: spec.replicas ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, selector },
  }
}

function getScale(target: Target, _ask: Ask, server: Server): Answer {
  return ok(scaleOf(stored(target, server)))
}

async function replaceScale(target: Target, ask: Ask, server: Server): Promise<Answer> {
  return writeScale((await readBody(ask)) as unknown as Scale, target, ask, server)
}

async function patchScale(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const current = scaleOf(stored(target, server))
  const next = patch(target.kind, target.version, current, await ask.body(), contentType(ask)) as KubeObject & Scale
  return writeScale(next, target, ask, server)
}

function writeScale({ metadata, spec }: Scale, target: Target, ask: Ask, server: Server): Answer {
  const current = stored(target, server)
  const replicas = spec?.replicas ?? 0
  if (!Number.isInteger(replicas) || replicas < 0)
    throw invalidError({ kind: 'Scale', group: 'autoscaling' }, target.name as string, [
      invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ])
  const { resourceVersion: _current, ...kept } = current.metadata
  const asked = metadata?.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}
  const next = { ...current, metadata: { ...kept, ...asked }, spec: { ...current.spec, replicas } }
  const options = { manager: managerOf(ask), dryRun: isDryRun(ask), subresource: 'scale' }
  return ok(scaleOf(server.registry.update(target.resource, next, options)))
}

function getLog(target: Target, ask: Ask, server: Server): Answer {
  const { registry, logs } = server
  return logAnswer(stored(target, server), ask, { logs, store: registry.store, now: registry.now() })
}

async function evict(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const { deleteOptions = {} } = (await readBody(ask)) as { deleteOptions?: object }
  const pod = stored(target, server)
  const budget = server.registry.store
    .list('poddisruptionbudgets.policy', target.namespace)
    .find(({ spec, status }) => covers(spec.selector?.matchLabels, pod) && status?.disruptionsAllowed === 0)
  if (budget)
    throw new StatusError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${budget.metadata.name} needs ${budget.status.desiredHealthy} healthy pods and has ${budget.status.currentHealthy} currently`,
        },
      ],
    })
  server.registry.delete('pods', target.name as string, target.namespace, deleteOptions)
  return { code: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } }
}

function covers(labels: Record<string, string> | undefined, { metadata }: KubeObject): boolean {
  return labels !== undefined && Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
}

/** A namespace is let go by who puts back fewer finalizers. */
async function finalize(target: Target, ask: Ask, server: Server): Promise<Answer> {
  const { spec } = (await readBody(ask)) as { spec?: object }
  const current = stored(target, server)
  return ok(server.registry.store.update(target.resource, { ...current, spec: { ...current.spec, ...spec } }))
}
