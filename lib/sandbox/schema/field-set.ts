/** Sets of fields of an object, in the form in which metadata.managedFields keeps them (FieldsV1). */
import type { FieldSet } from '../objects.ts'

/**
 * A set of paths below one place. The elements of a path are written as FieldsV1 does: `f:name` is a field,
 * `k:{"name":"a"}` an item of a list by its keys, `v:"a"` an item of a set.
 */
export interface Fields {
  /** Whether the place itself belongs to the set. */
  isMember: boolean
  children: Map<string, Fields>
}

export function noFields(): Fields {
  return { isMember: false, children: new Map() }
}

export function isEmpty({ isMember, children }: Fields): boolean {
  return !isMember && children.size === 0
}

export function insert(fields: Fields, path: readonly string[]): void {
  let at = fields
  for (const element of path) {
    let next = at.children.get(element)
    if (!next) {
      next = noFields()
      at.children.set(element, next)
    }
    at = next
  }
  at.isMember = true
}

/** Of these three a is the result where it would be the same: what others hold on to is shared, not copied. */
export function union(a: Fields, b: Fields): Fields {
  if (isEmpty(a)) return b
  const more = [...b.children].flatMap(([element, child]): [string, Fields][] => {
    const known = a.children.get(element)
    const whole = known ? union(known, child) : child
    return whole === known ? [] : [[element, whole]]
  })
  if (more.length === 0 && (a.isMember || !b.isMember)) return a
  return { isMember: a.isMember || b.isMember, children: new Map([...a.children, ...more]) }
}

export function intersection(a: Fields, b: Fields): Fields {
  const children = [...b.children].flatMap(([element, child]): [string, Fields][] => {
    const known = a.children.get(element)
    const common = known && intersection(known, child)
    return common && !isEmpty(common) ? [[element, common]] : []
  })
  return { isMember: a.isMember && b.isMember, children: new Map(children) }
}

export function difference(a: Fields, b: Fields): Fields {
  const less = [...b.children].flatMap(([element, child]): [string, Fields][] => {
    const known = a.children.get(element)
    const left = known && difference(known, child)
    return left && left !== known ? [[element, left]] : []
  })
  if (less.length === 0 && !(a.isMember && b.isMember)) return a
  const children = new Map([...a.children, ...less])
  for (const [element, left] of less) if (isEmpty(left)) children.delete(element)
  return { isMember: a.isMember && !b.isMember, children }
}

/** Without the paths of b and all that is below them. */
export function withoutBranches(a: Fields, b: Fields): Fields {
  if (b.isMember) return noFields()
  const children = [...a.children].map(([element, child]) => {
    const cut = b.children.get(element)
    return [element, cut ? withoutBranches(child, cut) : child] as const
  })
  return { isMember: a.isMember, children: new Map(children.filter(([, child]) => !isEmpty(child))) }
}

/** All paths, those of one place before those below it, each level in its order. */
export function paths(fields: Fields, prefix: readonly string[] = []): string[][] {
  const children = sortedChildren(fields)
  const here = children.filter(([, child]) => child.isMember).map(([element]) => [...prefix, element])
  return [...here, ...children.flatMap(([element, child]) => paths(child, [...prefix, element]))]
}

export function fromFieldSet(set: FieldSet): Fields {
  const entries = Object.entries(set).filter(([element]) => element !== '.')
  return {
    // What has nothing below it is there for itself.
    isMember: '.' in set || entries.length === 0,
    children: new Map(entries.map(([element, child]) => [element, fromFieldSet(child)])),
  }
}

export function toFieldSet(fields: Fields): FieldSet {
  const children = sortedChildren(fields).map(([element, child]) => [element, toFieldSet(child)] as const)
  const isNamed = fields.isMember && children.length > 0
  return Object.fromEntries([...(isNamed ? [['.', {}] as const] : []), ...children])
}

function sortedChildren({ children }: Fields): [string, Fields][] {
  return [...children].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** `.spec.containers[name="c"].image`: a path as the server writes it. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('')
}

/** One element of a path as the server writes it. */
export function elementText(element: string): string {
  const [kind, text] = [element[0], element.slice(2)]
  if (kind === 'k') {
    const keys = Object.entries(JSON.parse(text)).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    return `[${keys.join(',')}]`
  }
  if (kind === 'v') return `[=${text}]`
  return kind === 'i' ? `[${text}]` : `.${text}`
}
