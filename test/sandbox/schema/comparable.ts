/** An answer without what differs from run to run, from cluster to cluster, or is not the schema's matter. */
import type { ManagedFields } from '../../../lib/sandbox/objects.ts'
import type { Answer } from './request.ts'

// biome-ignore lint/suspicious/noExplicitAny: any answer of a server
type Any = any

/** What the store, controllers and allocators write. */
const written = ['uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink']

const allocated = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'healthCheckNodePort']

export function comparable({ status, warnings, body }: Answer): Answer {
  const copy: Any = JSON.parse(JSON.stringify(body).replace(/kube-api-access-\w{5}/g, 'kube-api-access'))
  if (copy.kind === 'Status') return { status, warnings, body: comparableStatus(copy) }
  for (const name of written) delete copy.metadata[name]
  delete copy.status
  if (copy.kind === 'Service') for (const name of allocated) delete copy.spec[name]
  const annotations = copy.metadata.annotations ?? {}
  delete annotations['deployment.kubernetes.io/revision']
  if (Object.keys(annotations).length === 0) delete copy.metadata.annotations
  if (copy.metadata.managedFields)
    copy.metadata.managedFields = copy.metadata.managedFields
      .filter(({ manager }: ManagedFields) => manager !== 'kube-controller-manager')
      .map((entry: ManagedFields) => ({ ...entry, time: '' }))
  if (copy.metadata.managedFields?.length === 0) delete copy.metadata.managedFields
  return { status, warnings, body: copy }
}

/**
 * The real server walks Go's maps: causes come in any order. What a patched object looked like in the message is as
 * the store wrote it.
 */
function comparableStatus(copy: Any): Any {
  const causes = copy.details?.causes
  copy.message = plain(copy.message)
  if (!causes) return copy
  for (const cause of causes) cause.message = plain(cause.message)
  causes.sort((a: Any, b: Any) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const start = copy.message.indexOf(' is invalid: ')
  if (causes.length > 1 && start > 0) copy.message = copy.message.slice(0, start)
  return copy
}

function plain(message: string): string {
  return message
    .replace(/(Invalid value: )"\{.*\}"(?=: )/, '$1"{}"')
    .replace(/0x[0-9a-f]{6,}/g, '0x')
    .replace(/(?:StorageError: .*, AdditionalErrorMsg: )?(Precondition failed: .*UID in object meta: ).*/, '$1')
}
