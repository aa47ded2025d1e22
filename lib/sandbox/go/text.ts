/**
 * Text that is put on one line where it can be, and on several, indented and aligned, where it shows a difference: the
 * layout of Go's cmp library.
 */

export type Text =
  | { kind: 'line'; text: string }
  | { kind: 'wrap'; before: string; inner: Text; after: string }
  | { kind: 'list'; items: readonly Item[] }

export interface Item {
  sign?: '-' | '+'
  key?: string
  text: Text
  comment?: string
}

/** A list of values is broken at this column, and what was added or taken away is written out beyond it. */
const MOST_COLUMNS = 80

export const line = (text: string): Text => ({ kind: 'line', text })
export const wrap = (before: string, inner: Text, after: string): Text => ({ kind: 'wrap', before, inner, after })
export const list = (items: readonly Item[]): Text => ({ kind: 'list', items })
export const ellipsis = line('...')

type Sign = '-' | '+' | undefined

export function print(text: Text): string {
  return `${indent(0, undefined)}${expand(compact(text, undefined)[1], undefined, 0)}\n`
}

/** All of it on one line, and the same with what may stand on one line so put. */
function compact(text: Text, sign: Sign): readonly [flat: string, compacted: Text] {
  switch (text.kind) {
    case 'line':
      return [text.text, text]
    case 'wrap': {
      const [inner, compacted] = compact(text.inner, sign)
      const flat = `${text.before}${inner}${text.after}`
      return [flat, compacted.kind === 'line' ? line(flat) : { ...text, inner: compacted }]
    }
    case 'list': {
      const flats: string[] = []
      const items = text.items.map((item) => {
        const [flat, compacted] = compact(item.text, item.sign ?? sign)
        flats.push(item.key ? `${item.key}: ${flat}` : flat)
        return { ...item, text: compacted }
      })
      const flat = flats.join(', ')
      const isBroken =
        items.some((item) => item.sign || item.comment || item.text.kind !== 'line') ||
        (sign !== undefined && Buffer.byteLength(flat) > MOST_COLUMNS)
      return [flat, isBroken ? list(items) : line(flat)]
    }
  }
}

function expand(text: Text, sign: Sign, depth: number): string {
  if (text.kind === 'line') return text.text
  if (text.kind === 'wrap') return `${text.before}${expand(text.inner, sign, depth)}${text.after}`
  const { items } = text
  const isSimple = items.every((item) => !item.sign && !item.key && !item.comment && item.text.kind === 'line')
  const lines = isSimple && items.length > 0 ? filled(items) : aligned(items, sign, depth)
  return `${lines.map((own) => `\n${indent(depth + 1, own.sign ?? sign)}${own.text}`).join('')}\n${indent(depth, sign)}`
}

interface Line {
  sign: Sign
  text: string
}

/** As many values on a line as there is room for. */
function filled(items: readonly Item[]): Line[] {
  const lines: Line[] = []
  let batch = ''
  for (const item of items) {
    const text = flatOf(item)
    if (batch && batch.length + text.length + 2 > MOST_COLUMNS) {
      lines.push({ sign: undefined, text: batch.trimEnd() })
      batch = ''
    }
    batch += `${text}, `
  }
  return [...lines, { sign: undefined, text: batch.trimEnd() }]
}

function aligned(items: readonly Item[], sign: Sign, depth: number): Line[] {
  const afterKeys = alignment(items, (item) => (item.key && item.text.kind === 'line' ? item.key : undefined))
  return items.map((item, index) => {
    const key = item.key ? `${item.key}: ${' '.repeat(afterKeys[index] as number)}` : ''
    const comma = item.text === ellipsis ? '' : ','
    const comment = item.comment ? ` // ${item.comment}` : ''
    return { sign: item.sign, text: `${key}${expand(item.text, item.sign ?? sign, depth + 1)}${comma}${comment}` }
  })
}

/** The spaces that bring what follows to one column, in each run of items that have something to measure. */
function alignment(items: readonly Item[], measured: (item: Item) => string | undefined): number[] {
  const widths = items.map((item) =>
    measured(item) === undefined ? undefined : [...(measured(item) as string)].length,
  )
  return widths.map((width, index) => {
    if (width === undefined) return 0
    let widest = width
    for (let i = index - 1; i >= 0 && widths[i] !== undefined; i--) widest = Math.max(widest, widths[i] as number)
    for (let i = index + 1; i < widths.length && widths[i] !== undefined; i++)
      widest = Math.max(widest, widths[i] as number)
    return widest - width
  })
}

function flatOf({ text }: Item): string {
  return text.kind === 'line' ? text.text : ''
}

function indent(depth: number, sign: Sign): string {
  return `${sign ?? ' '} ${'\t'.repeat(depth)}`
}
