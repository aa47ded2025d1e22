/** Kinds that keep pods running: by a template, and a selector that must fit it. */

import { goPlace } from '../../go/syntax.ts'
import type { KubeObject } from '../../objects.ts'
import { selects } from '../../selectors.ts'
import { checkLabels, checkSelector, goMap, goSelector, isEmptySelector } from './labels.ts'
import { checkAnnotations } from './metadata.ts'
import { checkPodSpec } from './pod-spec.ts'
import {
  asGo,
  forbidden,
  type GoText,
  immutable,
  invalid,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

export function checkTemplate(template: Part, path: string): Problem[] {
  const { metadata = {}, spec = {} } = template ?? {}
  return [
    // Here the server leaves out that they are in metadata.
    ...checkLabels(metadata.labels, `${path}.labels`),
    ...checkAnnotations(metadata.annotations, `${path}.annotations`),
    ...checkPodSpec(spec, `${path}.spec`),
  ]
}

interface WorkloadRules {
  /** As messages name the kind: `deployment`, also of replica sets. */
  kind: string
  /** As messages name whose pods have no deadline. */
  owner: string
  /** A daemon set's missing selector is not said to be missing, nor is a malformed one more than malformed. */
  isSelectorRequired?: false
  /** A stateful set's pods are only looked at when they are made. */
  isPodChecked?: false
}

export function checkSelectedTemplate(spec: Part, workload: WorkloadRules): Problem[] {
  const { kind, isSelectorRequired = true, isPodChecked = true } = workload
  const { selector, template } = spec
  const { labels, annotations } = template?.metadata ?? {}
  const malformed = selector ? checkSelector(selector, 'spec.selector') : []
  const problems = [...(selector || !isSelectorRequired ? [] : [required('spec.selector')]), ...malformed]
  const isEmpty = Boolean(selector) && isEmptySelector(selector)
  if (isEmpty) problems.push(invalid('spec.selector', goSelector(selector), `empty selector is invalid for ${kind}`))
  const isMalformed = malformed.length > 0
  if (isMalformed && isSelectorRequired) {
    if (isPodChecked) return [...problems, invalid('spec.selector', goSelector(selector), 'invalid label selector')]
    return [
      ...problems,
      invalid('spec.selector', goSelector(selector), ''),
      ...checkForever(template?.spec ?? {}, workload),
    ]
  }
  if (!isMalformed && !isEmpty && !selects(selector, labels))
    problems.push(
      invalid('spec.template.metadata.labels', goMap(labels), '`selector` does not match template `labels`'),
    )
  return [
    ...problems,
    ...(isPodChecked
      ? checkTemplate(template, 'spec.template')
      : [
          ...checkLabels(labels, 'spec.template.labels'),
          ...checkAnnotations(annotations, 'spec.template.annotations'),
        ]),
    ...checkForever(template?.spec ?? {}, workload),
  ]
}

/** What runs for ever starts again whenever it ends. */
export function checkForever(
  { restartPolicy, activeDeadlineSeconds }: Part,
  { owner }: Pick<WorkloadRules, 'owner'>,
): Problem[] {
  return [
    ...oneOf(restartPolicy, 'spec.template.spec.restartPolicy', ['Always']),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${owner} is not Supported`)]),
  ]
}

/** Which pods are a workload's never changes: it would lose those it has. */
export function checkSelectorChange({ spec }: KubeObject, { spec: old }: KubeObject): Problem[] {
  return immutable(spec.selector, old.selector, 'spec.selector', (selector) =>
    selector ? goSelector(selector) : 'null',
  )
}

/** How pods are replaced, as Go prints it. */
export function goStrategy(struct: string, update: string, { type, rollingUpdate }: Part): GoText {
  const place = goPlace(rollingUpdate)
  return asGo(`apps.${struct}{Type:${JSON.stringify(type)}, RollingUpdate:(*apps.${update})(${place})}`)
}
