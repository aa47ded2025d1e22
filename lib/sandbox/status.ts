/** The Kubernetes Status error: what the API answers instead of an object when it cannot do as asked. */
import type { KubeObject } from './objects.ts'

interface StatusCause {
  reason?: string
  message: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: { resourceVersion?: string; continue?: string }
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

/** Thrown anywhere below the API, answered by it as a Status with this HTTP code. */
export class StatusError extends Error {
  readonly code: number
  readonly reason: string | undefined
  readonly details: StatusDetails | undefined
  /** Where a list can be gone on with all the same. */
  continue?: string

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.code = code
    this.reason = reason
    this.details = details
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.continue ? { continue: this.continue } : {},
      status: 'Failure',
      message: this.message,
      ...(this.reason ? { reason: this.reason } : {}),
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    }
  }
}

/** `deployments.apps "x" not found`: resource is the plural with its group. */
export function notFound(resource: string, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${resource} "${name}" not found`, { name, ...resourceDetails(resource) })
}

export function alreadyExists(resource: string, { metadata: { name, deletionTimestamp } }: KubeObject): StatusError {
  const going = deletionTimestamp ? 'object is being deleted: ' : ''
  return new StatusError(409, 'AlreadyExists', `${going}${resource} "${name}" already exists`, {
    name,
    ...resourceDetails(resource),
  })
}

/** The object was changed by somebody else since it was read. */
export function modified(resource: string, name: string): StatusError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  )
}

/** What is asked for does not go together with what is stored. */
export function conflict(resource: string, name: string, why: string): StatusError {
  return new StatusError(409, 'Conflict', `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, {
    name,
    ...resourceDetails(resource),
  })
}

/** A path below a group that is served, where nothing is. */
export function nothingThere(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function methodNotAllowed(): StatusError {
  const message = 'the server does not allow this method on the requested resource'
  return new StatusError(405, 'MethodNotAllowed', message, {})
}

/** What the server did not expect to fail: no reason is told. */
export function unexpected(message: string): StatusError {
  return new StatusError(500, undefined, message)
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message)
}

function resourceDetails(resource: string): StatusDetails {
  const dot = resource.indexOf('.')
  return dot < 0 ? { kind: resource } : { group: resource.slice(dot + 1), kind: resource.slice(0, dot) }
}
