/** JSON patch, RFC 6902, with the leniencies of the library that the real server uses. */
import jsonPatch, { type Operation } from 'fast-json-patch'
import { badRequest, StatusError } from '../status.ts'
import { isObject } from './merge-patch.ts'
import { jsonType } from './typed.ts'

/** The API server's own limit. */
const MOST_OPERATIONS = 10_000

/**
 * @param operations as parsed from the patch
 * @throws BadRequest for what is no list of operations, Invalid where one of them cannot be carried out
 */
export function applyJsonPatch<T>(target: T, operations: unknown): T {
  checkOperations(operations)
  try {
    return operations.reduce<T>(
      (document, operation) => jsonPatch.applyOperation(document, lenient(document, operation), true).newDocument,
      structuredClone(target),
    )
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const refused = new StatusError(
      422,
      'Invalid',
      'the server rejected our request due to an error in our request',
      {},
    )
    refused.cause = error
    throw refused
  }
}

function checkOperations(operations: unknown): asserts operations is Operation[] {
  const wrong = (value: unknown, type: string) =>
    badRequest(`error decoding patch: json: cannot unmarshal ${jsonType(value)} into Go value of type ${type}`)
  if (!Array.isArray(operations)) throw wrong(operations, '[]handlers.jsonPatchOp')
  for (const operation of operations) if (!isObject(operation)) throw wrong(operation, 'handlers.jsonPatchOp')
  if (operations.length > MOST_OPERATIONS)
    throw new StatusError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${operations.length}`,
    )
}

/**
 * A field that is not there is replaced as if it were, and copied as null; of a list's items this is not so. A value
 * that is not said is null. What stands in front of a path's first slash is passed over, and lists count from their end
 * too.
 */
function lenient(document: unknown, given: Operation): Operation {
  const operation = {
    ...given,
    ...(valued.includes(given.op) && !Object.hasOwn(given, 'value') ? { value: null } : {}),
    path: fromStart(document, fromSlash(given.path), given.op === 'add'),
    ...('from' in given ? { from: fromStart(document, fromSlash(given.from)) } : {}),
  } as Operation
  if (operation.op === 'replace' && isMissingField(document, operation.path)) return { ...operation, op: 'add' }
  if (operation.op === 'copy' && isMissingField(document, operation.from))
    return { op: 'add', path: operation.path, value: null }
  return operation
}

function fromSlash(path: string): string {
  return typeof path === 'string' && path.includes('/') ? path.slice(path.indexOf('/')) : path
}

const valued: readonly string[] = ['add', 'replace', 'test']

/**
 * The path with indexes such as -1 counted from the start.
 * @param isNew what it leads to is yet to come, at the end of a list behind the last item
 */
function fromStart(document: unknown, path: string, isNew = false): string {
  if (typeof path !== 'string' || !/\/-\d/.test(path)) return path
  const steps = path.split('/').slice(1)
  let value = document
  const found = steps.map((step, at) => {
    const length = Array.isArray(value) ? value.length + (isNew && at === steps.length - 1 ? 1 : 0) : 0
    const index = length + Number(step)
    const name = Array.isArray(value) && /^-\d+$/.test(step) && index >= 0 ? String(index) : step
    value =
      typeof value === 'object' && value !== null
        ? Reflect.get(value, jsonPatch.unescapePathComponent(name))
        : undefined
    return name
  })
  return `/${found.join('/')}`
}

function isMissingField(document: unknown, path: string): boolean {
  const names = path.split('/').slice(1).map(jsonPatch.unescapePathComponent)
  const last = names.pop()
  const parent = names.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    document,
  )
  return last !== undefined && isObject(parent) && !Object.hasOwn(parent, last)
}
