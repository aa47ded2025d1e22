/**
 * How Go's cmp library (github.com/google/go-cmp 0.6.0) shows the difference of two values, which the server's messages
 * quote: `+` what is new, `-` what was, and two neighbours of each in what is the same.
 */
import { compare, type Node } from './compare.ts'
import { type GoValue, isZero } from './reflect.ts'
import { ellipsis, type Item, line, list, print, type Text, wrap } from './text.ts'

type Sign = ' ' | '-' | '+'
/** Whether a value has its type in front: always, never, or where it has parts. */
type Types = 'shown' | 'left out' | 'of composites'

interface Options {
  /** Undefined where the difference of the two is shown. */
  sign: Sign | undefined
  types: Types
  /** How much is shown, in steps of twice as much. */
  verbosity: number
}

/** Neighbours that are shown beside what differs. */
const NEIGHBOURS = 2

/** The difference as text, ending with a line's end. */
export function difference(old: GoValue, next: GoValue): string {
  return print(ofNode(compare(old, next), { sign: undefined, types: 'shown', verbosity: 3 }))
}

function ofNode(node: Node, given: Options): Text {
  const options = { ...given, verbosity: given.sign === ' ' ? 1 : Math.max(3, given.verbosity) }
  if (node.parts === undefined) return ofLeaf(node, options)
  const { type, kind } = node.value
  if (kind === 'pointer') return wrap('&', ofNode(node.parts[0] as Node, options), '')
  return typed(type, kind, ofParts(node, options), options)
}

function ofLeaf({ old, next, value }: Node, options: Options): Text {
  return ofValue((options.sign === '-' ? old : (next ?? old)) ?? value, options)
}

function ofParts(node: Node, options: Options): Text {
  const inner = below(node.value, options)
  return wrap('{', list(options.sign ? partsOf(node, options, inner) : changesOf(node, inner)), '}')
}

/** For the parts of a value: less of each is shown, and of a struct's fields whose types the reader cannot know. */
function below({ kind }: GoValue, options: Options): Options {
  return { ...options, types: kind === 'struct' ? 'of composites' : 'left out', verbosity: options.verbosity - 1 }
}

/** All parts, on one side of a difference or outside of it. */
function partsOf({ parts = [], value }: Node, { sign, verbosity }: Options, inner: Options): Item[] {
  const most = sign === ' ' ? mostParts(verbosity) : 2 << verbosity
  const side = (part: Node) => (sign === '-' ? part.old : part.next)
  const shown = parts.filter((part) => {
    const own = side(part)
    return own && !(value.kind === 'struct' && isZero(own))
  })
  const items = shown.slice(0, most).map((part) => ({ key: part.name, text: ofNode(part, inner) }))
  return shown.length > most ? [...items, { text: ellipsis }] : items
}

function changesOf({ parts = [], value }: Node, options: Options): Item[] {
  const groups = grouped(parts)
  return groups.flatMap((group, index) =>
    (group[0] as Node).differs
      ? group.flatMap((part) => changeOf(part, options))
      : neighbours(
          group,
          { isFirst: index === 0, isLast: index === groups.length - 1, noun: nouns[value.kind] ?? '' },
          options,
        ),
  )
}

const nouns: Readonly<Record<string, readonly [one: string, many: string]>> = {
  struct: ['field', 'fields'],
  list: ['element', 'elements'],
  map: ['entry', 'entries'],
}

/** Runs of parts that are the same, or that differ. */
function grouped(parts: readonly Node[]): Node[][] {
  const groups: Node[][] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (last && (last[0] as Node).differs === part.differs) last.push(part)
    else groups.push([part])
  }
  return groups
}

function changeOf(part: Node, options: Options): Item[] {
  if (!part.isChain) return [{ key: part.name, text: ofNode(part, options) }]
  const side = (sign: '-' | '+', value: GoValue | undefined): Item[] =>
    value ? [{ sign, key: part.name, text: ofNode(part, { ...options, sign }) }] : []
  return [...side('-', part.old), ...side('+', part.next)]
}

interface Place {
  isFirst: boolean
  isLast: boolean
  noun: readonly [one: string, many: string] | ''
}

function neighbours(group: readonly Node[], { isFirst, isLast, noun }: Place, options: Options): Item[] {
  const before = isFirst ? 0 : Math.min(NEIGHBOURS, group.length)
  let after = isLast ? 0 : Math.min(NEIGHBOURS, group.length - before)
  // Leaving out a single one would save nothing.
  if (group.length - before - after === 1) after++
  const left = group.length - before - after
  const item = (part: Node) => ({ key: part.name, text: ofNode(part, { ...options, sign: ' ' }) })
  return [
    ...group.slice(0, before).map(item),
    ...(left > 0 ? [{ text: ellipsis, comment: `${left} identical ${noun[left === 1 ? 0 : 1]}` }] : []),
    ...group.slice(group.length - after).map(item),
  ]
}

/** 0, 4, 8, 16, ... */
function mostParts(verbosity: number): number {
  return ((1 << Math.max(0, verbosity)) >> 1) << 2
}

function ofValue(value: GoValue, options: Options): Text {
  switch (value.kind) {
    case 'nil':
      return line('nil')
    case 'plain':
      return line(typeof value.value === 'string' ? quoted(value.value, options.verbosity) : String(value.value))
    case 'pointer':
      if (value.says !== undefined) return line(`s${quoted(value.says, options.verbosity)}`)
      return wrap('&', ofValue(value.to, options), '')
    default: {
      const most = mostParts(options.verbosity)
      const inner = below(value, options)
      const parts = value.parts.filter((part) => value.kind !== 'struct' || !isZero(part.value))
      const items: Item[] = parts
        .slice(0, most)
        .map(({ name, value: own }) => ({ key: name, text: ofValue(own, inner) }))
      if (parts.length > most) items.push({ text: ellipsis })
      return typed(value.type, value.kind, wrap('{', list(items), '}'), options)
    }
  }
}

function typed(type: string, kind: GoValue['kind'], text: Text, { types, sign }: Options): Text {
  const isShown = types === 'shown' || (types === 'of composites' && kind !== 'plain' && sign !== ' ')
  return isShown ? wrap(type, text, '') : text
}

/** Letters that are shown of a text: 32, 64, 128, ... */
function quoted(text: string, verbosity: number): string {
  const most = 32 << Math.max(0, verbosity)
  const quote = (letters: string) => {
    const escaped = JSON.stringify(letters)
    const isRaw = escaped.length > letters.length + 2 && !/[`\n\p{Cc}]/u.test(letters.replaceAll('\t', ''))
    return isRaw ? `\`${letters}\`` : escaped
  }
  return text.length > most + 3 ? `${quote(text.slice(0, most))}...` : quote(text)
}
