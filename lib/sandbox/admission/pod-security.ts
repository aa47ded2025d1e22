/** Admission plugin PodSecurity: the labels of a namespace say how much its pods may ask for. */
import { type Kind, resourceName } from '../kinds/kind.ts'
import type { KubeObject, Labels } from '../objects.ts'
import { invalid, invalidError } from '../schema/validation/problems.ts'
import { StatusError } from '../status.ts'
import type { Store } from '../store/store.ts'
import { type Level, violations } from './pod-security-checks.ts'

const prefix = 'pod-security.kubernetes.io/'
const modes = ['enforce', 'audit', 'warn'] as const
const levels: readonly string[] = ['privileged', 'baseline', 'restricted'] satisfies Level[]
const versionForm = /^(?:latest|v1\.(\d+))$/

interface Policy {
  level: Level
  /** `latest` or `v1.20` */
  version: string
}

/** Where a kind has the pods that it makes. */
const templates: Readonly<Record<string, (object: KubeObject) => KubeObject | undefined>> = {
  'deployments.apps': ({ spec }) => spec.template,
  'replicasets.apps': ({ spec }) => spec.template,
  'statefulsets.apps': ({ spec }) => spec.template,
  'daemonsets.apps': ({ spec }) => spec.template,
  replicationcontrollers: ({ spec }) => spec.template,
  'jobs.batch': ({ spec }) => spec.template,
  'cronjobs.batch': ({ spec }) => spec.jobTemplate?.spec?.template,
  podtemplates: ({ template }) => template,
}

/**
 * Warnings about an object by the policy of its namespace. What a pod asks for is looked at when it is created: nothing
 * of it can be changed later.
 * @throws Forbidden for a pod that is not let in, Invalid for a namespace whose labels say no policy
 */
export function podSecurity(kind: Kind, object: KubeObject, store: Store, old?: KubeObject): string[] {
  const resource = resourceName(kind)
  if (resource === 'namespaces') return ofNamespace(object, store, old)
  const labels = store.get('namespaces', object.metadata.namespace ?? '')?.metadata.labels ?? {}
  if (resource === 'pods') return old ? [] : ofPod(object, labels)
  const pod = templates[resource]?.(object)
  return pod ? warnings(pod, labels) : []
}

function ofPod(pod: KubeObject, labels: Labels): string[] {
  const policy = policyOf(labels, 'enforce')
  const found = policy && shortfalls(pod, policy)
  if (found?.length)
    throw new StatusError(
      403,
      'Forbidden',
      `pods ${JSON.stringify(pod.metadata.name)} is forbidden: violates PodSecurity ${told(policy as Policy)}: ${found.join(', ')}`,
      { name: pod.metadata.name, kind: 'pods' },
    )
  return warnings(pod, labels)
}

/** Where nothing is said of warnings, they are about what is enforced. */
function warnings(pod: KubeObject, labels: Labels): string[] {
  const policy = policyOf(labels, 'warn') ?? policyOf(labels, 'enforce')
  const found = policy ? shortfalls(pod, policy) : []
  return found.length > 0 ? [`would violate PodSecurity ${told(policy as Policy)}: ${found.join(', ')}`] : []
}

function shortfalls(pod: KubeObject, policy: Policy): string[] {
  return find(pod, policy).map(({ reason, detail }) => `${reason} (${detail})`)
}

function find(pod: KubeObject, { level, version }: Policy) {
  return violations(pod, level, Number(versionForm.exec(version)?.[1] ?? Number.POSITIVE_INFINITY))
}

function told({ level, version }: Policy): string {
  return JSON.stringify(`${level}:${version}`)
}

function policyOf(labels: Labels, mode: (typeof modes)[number]): Policy | undefined {
  const level = labels[`${prefix}${mode}`] as Level | undefined
  return level && { level, version: labels[`${prefix}${mode}-version`] ?? 'latest' }
}

function ofNamespace({ metadata }: KubeObject, store: Store, old: KubeObject | undefined): string[] {
  const { name, labels = {} } = metadata
  checkLabels(name, labels)
  const next = policyOf(labels, 'enforce')
  const before = policyOf(old?.metadata.labels ?? {}, 'enforce')
  if (!next || !old || isNoStricter(next, before)) return []
  const pods = new Map<string, string[]>()
  for (const pod of store.list('pods', name)) {
    const reasons = find(pod, next)
      .map(({ reason }) => reason)
      .join(', ')
    if (reasons) pods.set(reasons, [...(pods.get(reasons) ?? []), pod.metadata.name])
  }
  if (pods.size === 0) return []
  return [
    `existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity enforce level ${told(next)}`,
    ...[...pods].map(([reasons, [first, ...others]]) => {
      const more = others.length > 0 ? ` (and ${others.length} other pod${others.length > 1 ? 's' : ''})` : ''
      return `${first}${more}: ${reasons}`
    }),
  ]
}

function isNoStricter(next: Policy, before: Policy | undefined): boolean {
  return (
    next.version === (before?.version ?? next.version) &&
    levels.indexOf(next.level) <= levels.indexOf(before?.level ?? 'privileged')
  )
}

/** @throws Invalid */
function checkLabels(name: string, labels: Labels): void {
  const problems = modes.flatMap((mode) => {
    const [level, version] = [labels[`${prefix}${mode}`], labels[`${prefix}${mode}-version`]]
    const at = (label: string) => `metadata.labels[${prefix}${label}]`
    return [
      ...(level === undefined || levels.includes(level)
        ? []
        : [invalid(at(mode), level, `must be one of ${levels.join(', ')}`)]),
      ...(version === undefined || versionForm.test(version)
        ? []
        : [invalid(at(`${mode}-version`), version, 'must be "latest" or "v1.x"')]),
    ]
  })
  if (problems.length > 0) throw invalidError({ kind: 'Namespace', group: '' }, name, problems)
}
