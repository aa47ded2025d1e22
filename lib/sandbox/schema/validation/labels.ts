/** Labels, and what selects by them. */

import { inFormat, isLabelValue, isQualifiedName } from './formats.ts'
import { asGo, type GoText, invalid, type Part, type Problem, required } from './problems.ts'

type Labels = Readonly<Record<string, string>>

/** @param path of the whole map: the server does not name the key there */
export function checkLabels(labels: Labels | undefined, path: string): Problem[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...inFormat(key, path, isQualifiedName),
    ...inFormat(value, path, isLabelValue),
  ])
}

export function checkSelector(selector: Part, path: string): Problem[] {
  const expressions = (selector?.matchExpressions ?? []) as Part[]
  return [
    ...checkLabels(selector?.matchLabels, `${path}.matchLabels`),
    ...expressions.flatMap((expression, index) => checkRequirement(expression, `${path}.matchExpressions[${index}]`)),
  ]
}

function checkRequirement({ key = '', operator, values }: Part, path: string): Problem[] {
  const named = inFormat(key, `${path}.key`, isQualifiedName)
  if (operator === 'In' || operator === 'NotIn') {
    const missing = values?.length
      ? []
      : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    const wrong = ((values ?? []) as string[]).flatMap((value, index) =>
      inFormat(value, `${path}.values[${index}]`, isLabelValue),
    )
    return [...missing, ...named, ...wrong]
  }
  if (operator === 'Exists' || operator === 'DoesNotExist')
    return [
      ...(values?.length
        ? [
            {
              ...required(`${path}.values`),
              reason: 'FieldValueForbidden',
              message: "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            },
          ]
        : []),
      ...named,
    ]
  return [invalid(`${path}.operator`, operator, 'not a valid selector operator'), ...named]
}

export function isEmptySelector(selector: Part): boolean {
  return !Object.keys(selector?.matchLabels ?? {}).length && !selector?.matchExpressions?.length
}

/** A map of texts as Go prints it. */
export function goMap(labels: Labels | undefined): GoText {
  return asGo(goMapText(labels))
}

function goMapText(labels: Labels | undefined): string {
  if (!labels) return 'map[string]string(nil)'
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[string]string{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(', ')}}`
}

/** A selector as Go prints it. */
export function goSelector(selector: Part): GoText {
  const expressions = ((selector?.matchExpressions ?? []) as Part[]).map(({ key = '', operator = '', values }) => {
    const list = values ? `{${values.map((value: string) => JSON.stringify(value)).join(', ')}}` : '(nil)'
    return `v1.LabelSelectorRequirement{Key:${JSON.stringify(key)}, Operator:${JSON.stringify(operator)}, Values:[]string${list}}`
  })
  const list = expressions.length > 0 ? `{${expressions.join(', ')}}` : '(nil)'
  return asGo(
    `v1.LabelSelector{MatchLabels:${goMapText(selector?.matchLabels)}, MatchExpressions:[]v1.LabelSelectorRequirement${list}}`,
  )
}
