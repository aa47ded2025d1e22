/** What a Job's podFailurePolicy says of a pod that has failed: the first rule that fits decides. */
import type { KubeObject } from '../../objects.ts'
import type { Job } from './job.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of a Job and its pods are known by the schema
type Part = any

export interface FailureVerdict {
  action: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore'
  /** Of FailJob: why. */
  message?: string
}

export function failureVerdict({ spec }: Job, pod: KubeObject): FailureVerdict {
  for (const [index, { action, onExitCodes, onPodConditions }] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const why = onExitCodes ? exited(pod, onExitCodes) : conditioned(pod, onPodConditions ?? [])
    if (!why) continue
    return action === 'FailJob' ? { action, message: `${why} matching FailJob rule at index ${index}` } : { action }
  }
  return { action: 'Count' }
}

function exited({ metadata, status }: KubeObject, { containerName, operator, values }: Part): string | undefined {
  const isMeant = ({ exitCode }: Part) => exitCode !== 0 && values.includes(exitCode) === (operator === 'In')
  const all: Part[] = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
  const found = all.find(
    ({ name, state }) => (containerName ?? name) === name && state?.terminated && isMeant(state.terminated),
  )
  if (!found) return undefined
  const { namespace, name } = metadata
  return `Container ${found.name} for pod ${namespace}/${name} failed with exit code ${found.state.terminated.exitCode}`
}

function conditioned({ metadata, status }: KubeObject, patterns: readonly Part[]): string | undefined {
  const isMeant = (condition: Part) =>
    patterns.some(({ type, status: wanted }) => type === condition.type && wanted === condition.status)
  const found = ((status?.conditions ?? []) as Part[]).find(isMeant)
  return found && `Pod ${metadata.namespace}/${metadata.name} has condition ${found.type}`
}
