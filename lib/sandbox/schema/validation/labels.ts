/** Labels, and what selects by them. */
import { goSyntax } from '../../go/syntax.ts'
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
  return asGo(goSyntax('map[string]string', labels))
}

/** A selector as Go prints it. */
export function goSelector(selector: Part): GoText {
  return asGo(goSyntax('v1.LabelSelector', selector))
}
