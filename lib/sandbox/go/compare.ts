/** Two Go values side by side, part by part. */
import { isDeepStrictEqual } from 'node:util'
import type { GoValue, Part } from './reflect.ts'

export interface Node {
  /** Of the field or entry. */
  name: string
  old: GoValue | undefined
  next: GoValue | undefined
  /** One of the two that is there. */
  value: GoValue
  differs: boolean
  /** Undefined where the two are compared as a whole. */
  parts: readonly Node[] | undefined
  /** Whether nothing below has more than one part. */
  isChain: boolean
  /** Leaves below that are the same, and that differ. */
  same: number
  changed: number
}

/** Compared by a method of their own. */
const whole = ['resource.Quantity']

export function compare(old: GoValue | undefined, next: GoValue | undefined, name = ''): Node {
  const value = (next ?? old) as GoValue
  const parts = old && next && !whole.includes(value.type) ? partsOf(old, next) : undefined
  const both = { name, old, next, value }
  if (parts === undefined || parts.length === 0) {
    const differs = !isDeepStrictEqual(old, next)
    return { ...both, differs, parts: undefined, isChain: true, same: differs ? 0 : 1, changed: differs ? 1 : 0 }
  }
  return {
    ...both,
    differs: parts.some((part) => part.differs),
    parts,
    isChain: parts.length === 1 && (parts[0] as Node).isChain,
    same: parts.reduce((sum, part) => sum + part.same, 0),
    changed: parts.reduce((sum, part) => sum + part.changed, 0),
  }
}

function partsOf(old: GoValue, next: GoValue): Node[] | undefined {
  if (old.kind === 'pointer' && next.kind === 'pointer') return [compare(old.to, next.to)]
  if (old.kind === 'struct' && next.kind === 'struct')
    return next.parts.map(({ name, value }, index) => compare(old.parts[index]?.value, value, name))
  if (old.kind === 'list' && next.kind === 'list') return elementsOf(old.parts, next.parts)
  if (old.kind === 'map' && next.kind === 'map') return entriesOf(old.parts, next.parts)
  return undefined
}

function entriesOf(old: readonly Part[], next: readonly Part[]): Node[] {
  const of = (parts: readonly Part[]) => new Map(parts.map(({ name, value }) => [name, value]))
  const [before, after] = [of(old), of(next)]
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.map((name) => compare(before.get(name), after.get(name), name))
}

/** Most elements that are the same stand opposite each other; what is left between them is paired in its order. */
function elementsOf(old: readonly Part[], next: readonly Part[]): Node[] {
  const nodes: Node[] = []
  let [i, j] = [0, 0]
  const pairUpTo = (iEnd: number, jEnd: number) => {
    while (i < iEnd && j < jEnd) {
      const both = compare(old[i]?.value, next[j]?.value)
      // As alike as different: taken for the same element, changed.
      if (!both.differs || both.same + 1 >= both.changed) {
        nodes.push(both)
        i++
        j++
      } else if (iEnd - i >= jEnd - j) nodes.push(compare(old[i++]?.value, undefined))
      else nodes.push(compare(undefined, next[j++]?.value))
    }
    while (i < iEnd) nodes.push(compare(old[i++]?.value, undefined))
    while (j < jEnd) nodes.push(compare(undefined, next[j++]?.value))
  }
  for (const [same, there] of commonElements(old, next)) {
    pairUpTo(same, there)
    nodes.push(compare(old[i++]?.value, next[j++]?.value))
  }
  pairUpTo(old.length, next.length)
  return nodes
}

/** The longest sequence that both have, as places in both. */
function commonElements(old: readonly Part[], next: readonly Part[]): [number, number][] {
  const isSame = (i: number, j: number) => isDeepStrictEqual(old[i]?.value, next[j]?.value)
  /** How long it is from here to the ends. */
  const longest = old.map(() => next.map(() => 0))
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = next.length - 1; j >= 0; j--)
      (longest[i] as number[])[j] = isSame(i, j) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const common: [number, number][] = []
  for (let i = 0, j = 0; at(i, j) > 0; ) {
    if (isSame(i, j)) common.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return common
}
