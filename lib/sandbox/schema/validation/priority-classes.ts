/** How important pods are. */
import type { KubeObject } from '../../objects.ts'
import { forbidden, immutable, type Problem } from './problems.ts'

/** Above it is what the system itself needs (pkg/apis/scheduling). */
const HIGHEST_OF_USERS = 1_000_000_000

const systemClasses = ['system-node-critical', 'system-cluster-critical']

export function checkPriorityClass({ metadata, value }: KubeObject): Problem[] {
  const { name = '' } = metadata
  if (name.startsWith('system-'))
    return systemClasses.includes(name)
      ? []
      : [
          forbidden(
            'metadata.name',
            `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
          ),
        ]
  return value > HIGHEST_OF_USERS
    ? [forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_OF_USERS}`)]
    : []
}

export function checkPriorityClassChange(next: KubeObject, old: KubeObject): Problem[] {
  return [
    ...(next.value === old.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...immutable(next.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy'),
  ]
}
