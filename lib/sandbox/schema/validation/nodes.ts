/** Nodes. */
import type { KubeObject } from '../../objects.ts'
import { inFormat, isDnsLabel, isLabelValue, isQualifiedName } from './formats.ts'
import { asGo, duplicate, each, forbidden, immutable, oneOf, type Part, type Problem, required } from './problems.ts'

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** What keeps pods away. */
export function checkNode({ spec = {} }: KubeObject): Problem[] {
  const seen = new Set<string>()
  // The server looks for taints in the metadata.
  return each(spec.taints, 'metadata.taints', (taint, path) => {
    const { key = '', value = '', effect = '' } = taint
    const problems = [
      ...inFormat(key, `${path}.key`, isQualifiedName),
      ...(value ? inFormat(value, `${path}.value`, isLabelValue) : []),
      ...(effect ? oneOf(effect, `${path}.effect`, effects) : [required(`${path}.effect`)]),
      ...(seen.has(`${key}:${effect}`) ? [duplicate(path, asGo(goTaint(taint)))] : []),
    ]
    seen.add(`${key}:${effect}`)
    return problems
  })
}

function goTaint({ key = '', value = '', effect = '' }: Part): string {
  return `core.Taint{Key:"${key}", Value:"${value}", Effect:"${effect}", TimeAdded:<nil>}`
}

/** A node keeps the addresses of its pods. */
export function checkNodeChange({ spec = {} }: KubeObject, { spec: old = {} }: KubeObject): Problem[] {
  return old.podCIDR === undefined || spec.podCIDR === old.podCIDR
    ? []
    : [forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')]
}

export function checkRuntimeClass({ handler }: KubeObject): Problem[] {
  return inFormat(handler, 'handler', isDnsLabel)
}

export function checkRuntimeClassChange(next: KubeObject, old: KubeObject): Problem[] {
  return immutable(next.handler, old.handler, 'handler')
}
