/** The verbs on resources: get, list, watch, create, update, patch, delete. */
import { deprecation } from '../kinds/deprecated.ts'
import { type Kind, storeName } from '../kinds/kind.ts'
import { prepareValidation } from '../schema/validate.ts'
import { badRequest, methodNotAllowed, nothingThere, StatusError, unexpected } from '../status.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import { checkReached, list } from './list.ts'
import { isTrue } from './list-options.ts'
import type { ResourcePath } from './path.ts'
import { present } from './present.ts'
import { deleteCollection, remove } from './remove.ts'
import { reviews } from './reviews.ts'
import { subresources } from './subresources.ts'
import { apiVersionOf, type Target } from './target.ts'
import { watch } from './watch.ts'
import { change, create, replace } from './write.ts'

type Handler = (target: Target, ask: Ask, server: Server) => Answer | Promise<Answer>

const onCollection: Readonly<Record<string, Handler>> = {
  GET: (target, ask, server) =>
    isTrue(ask.query.get('watch')) ? watch(target, ask, server) : list(target, ask, server),
  POST: createNew,
  DELETE: deleteCollection,
}

const onObject: Readonly<Record<string, Handler>> = { GET: get, PUT: replace, PATCH: change, DELETE: remove }

/** Verbs of the API by method, where a kind does not have all of them. */
const collectionVerbs: Readonly<Record<string, string>> = { POST: 'create', DELETE: 'deletecollection', GET: 'list' }
const objectVerbs: Readonly<Record<string, string>> = { PUT: 'update', PATCH: 'patch', DELETE: 'delete', GET: 'get' }

/** @returns undefined where nothing of that name is served */
export async function answerResource(path: ResourcePath, ask: Ask, server: Server): Promise<Answer | undefined> {
  const kind = server.registry.kinds.served(path.group, path.version, path.plural)
  if (!kind) return undefined
  const target: Target = { ...path, kind, resource: storeName(kind) }
  // A namespaced kind has no object outside of a namespace, and the other way round.
  if (kind.namespaced ? path.name !== undefined && path.namespace === undefined : path.namespace !== undefined)
    return undefined
  checkNames(target)
  const warning = deprecation(apiVersionOf(path), kind)
  if (warning) ask.warn(warning)
  if (ask.method !== 'GET') await prepareValidation(kind)
  const review = reviews[kind.kind]
  if (review) {
    if (ask.method !== 'POST') throw methodNotAllowed()
    return review(target, ask, server)
  }
  if (path.subresource !== undefined) return subresources(target, ask, server)
  if (path.isWatch && ask.method === 'GET') return watch(target, ask, server)
  const [handlers, verbs] = path.name === undefined ? [onCollection, collectionVerbs] : [onObject, objectVerbs]
  const handler = handlers[ask.method]
  if (!handler || !kind.verbs.includes(verbs[ask.method] ?? '')) throw methodNotAllowed()
  return handler(target, ask, server)
}

/** @throws MethodNotAllowed where the definition of the kind is to go */
function createNew(target: Target, ask: Ask, server: Server): Promise<Answer> {
  if (target.kind.isEnding) throw notWhileEnding(target.kind)
  return create(target, ask, server)
}

function notWhileEnding({ group, plural }: Kind): StatusError {
  const message = 'create not allowed while custom resource definition is terminating'
  return new StatusError(405, 'MethodNotAllowed', message, { group, kind: plural })
}

/** What would lead out of the place of an object in etcd. @throws BadRequest, StatusError */
function checkNames({ kind, namespace, name }: Target): void {
  const isDots = (text: string | undefined) => text === '.' || text === '..'
  const refused = (why: string) => badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${why}`)
  if (name === '' || name?.includes('/')) throw nothingThere()
  if (isDots(namespace)) {
    const path = [kind.custom ? kind.group : '', kind.plural, namespace, name].filter(Boolean)
    throw unexpected(`invalid key: ${JSON.stringify(`/${path.join('/')}`)}`)
  }
  if (isDots(name)) throw refused(`may not be '${name}'`)
  if (name?.includes('%')) throw refused("may not contain '%'")
}

function get(target: Target, ask: Ask, { registry }: Server): Answer {
  checkReached(ask.query.get('resourceVersion') ?? '', registry.store.revision)
  return present(
    target,
    registry.get(target.resource, target.name as string, target.namespace),
    200,
    ask,
    registry.now(),
  )
}
