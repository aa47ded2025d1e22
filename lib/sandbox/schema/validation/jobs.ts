/** Jobs: whose pods are theirs, and what they keep once they have begun. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../objects.ts'
import { selects } from '../../selectors.ts'
import { isDnsLabel } from './formats.ts'
import { checkJobSpec } from './job-spec.ts'
import { checkSelector, goMap, goSelector } from './labels.ts'
import { goFailurePolicy } from './pod-failure-policies.ts'
import { asGo, immutable, invalid, type Part, type Problem, required } from './problems.ts'

type Labels = Readonly<Record<string, string>>

/** With its selector, which without pods to select is as wrong as one for other pods. */
function checkSelectingSpec(spec: Part): Problem[] {
  const { selector, template } = spec
  const labels = template?.metadata?.labels
  return [
    ...checkJobSpec(spec, 'spec'),
    ...(selector ? checkSelector(selector, 'spec.selector') : [required('spec.selector')]),
    ...(misses(selector, labels)
      ? [invalid('spec.template.metadata.labels', goMap(labels), '`selector` does not match template `labels`')]
      : []),
  ]
}

/** A selector that is malformed neither selects these labels nor leaves them out. */
function misses(selector: Part, labels: Labels | undefined): boolean {
  return checkSelector(selector, '').length === 0 && !selects(selector, labels)
}

const prefix = 'batch.kubernetes.io/'

/** A selector that is not the user's own is the server's, and the template's labels are. */
function checkOwnPods({ metadata, spec }: KubeObject, isPrefixed: boolean): Problem[] {
  const { manualSelector, selector, template } = spec
  if (manualSelector || !selector) return []
  const own = { 'controller-uid': metadata.uid ?? '', 'job-name': metadata.name }
  const prefixed = Object.fromEntries(Object.entries(own).map(([key, value]) => [prefix + key, value]))
  const expected = { ...own, ...(isPrefixed ? prefixed : {}) }
  return [
    ...Object.entries(expected).flatMap(([key, value]) => checkOwnLabel(template?.metadata?.labels, key, value)),
    ...(misses(selector, expected)
      ? [invalid('spec.selector', goSelector(selector), '`selector` not auto-generated')]
      : []),
  ]
}

function checkOwnLabel(labels: Labels | undefined, key: string, value: string): Problem[] {
  const [path, detail] = [`spec.template.metadata.labels[${key}]`, `must be '${value}'`]
  if (labels?.[key] === undefined) return [required(path, detail)]
  return labels[key] === value ? [] : [invalid(path, goMap(labels), detail)]
}

/** An index stands at the end of its pod's host name. */
function checkHostNames({ metadata: { name }, spec }: KubeObject): Problem[] {
  const { completionMode, completions } = spec
  if (completionMode !== 'Indexed' || !(completions > 0)) return []
  const last = `${name}-${completions - 1}`
  return isDnsLabel(last).length === 0
    ? []
    : [invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${last}`)]
}

/** @param isPrefixed whether its pods have the labels with Kubernetes' prefix, beside those of older versions */
export function checkJob(job: KubeObject, isPrefixed = true): Problem[] {
  return [...checkOwnPods(job, isPrefixed), ...checkSelectingSpec(job.spec), ...checkHostNames(job)]
}

/** A change is a Job like others, whose spec the server looks at twice, and keeps what the Job has begun with. */
export function checkJobChange(next: KubeObject, old: KubeObject): Problem[] {
  const labels: Labels = old.spec.template?.metadata?.labels ?? {}
  const isPrefixed = [`${prefix}job-name`, `${prefix}controller-uid`].every((key) => key in labels)
  const same = (name: string, show: (value: Part) => unknown = (value) => value) =>
    immutable(next.spec[name], old.spec[name], `spec.${name}`, (value) => (value === undefined ? null : show(value)))
  return [
    ...checkJob(next, isPrefixed),
    ...checkSelectingSpec(next.spec),
    ...(next.spec.completionMode === 'Indexed' ? checkIndexes(next.spec, old.spec) : same('completions')),
    ...same('selector', goSelector),
    ...checkTemplateChange(next, old),
    ...same('completionMode'),
    ...same('podFailurePolicy', goFailurePolicy),
    ...same('backoffLimitPerIndex'),
  ]
}

/** As many indexes as pods at a time may become more or fewer. */
function checkIndexes({ completions, parallelism }: Part, old: Part): Problem[] {
  return completions === undefined || completions === old.completions || completions === parallelism
    ? []
    : [invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')]
}

function checkTemplateChange({ spec }: KubeObject, { spec: old, status }: KubeObject): Problem[] {
  const isWaiting = old.suspend && status?.startTime === undefined
  const fixed = (template: Part) => (isWaiting ? settled(template) : template)
  return isDeepStrictEqual(fixed(spec.template), fixed(old.template))
    ? []
    : [invalid('spec.template', asGo('core.PodTemplateSpec{...}'), 'field is immutable')]
}

/** Without what may change as long as no pod has been made: where pods may run, and what they are called. */
function settled({ metadata, spec, ...template }: Part): Part {
  const { affinity, ...rest } = without(spec, ['nodeSelector', 'tolerations', 'schedulingGates'])
  const others = without(affinity, ['nodeAffinity'])
  return {
    ...template,
    metadata: without(metadata, ['labels', 'annotations']),
    spec: Object.keys(others).length > 0 ? { ...rest, affinity: others } : rest,
  }
}

function without(part: Part, names: readonly string[]): Part {
  return Object.fromEntries(Object.entries(part ?? {}).filter(([name]) => !names.includes(name)))
}
