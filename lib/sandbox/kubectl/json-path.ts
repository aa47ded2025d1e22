/** kubectl's JSON paths: texts, `{.a.b[0]}`, `{.items[*].metadata.name}`, filters by equality, `{range}` ... `{end}`. */

type Values = readonly unknown[]

const part = /\{(?<inner>(?:"[^"]*"|'[^']*'|[^}"'])*)\}|(?<text>[^{]+)/gy
const step =
  /\.\.(?<deep>[\w-]+)|\.(?<field>(?:\\.|[^.[\]\\])+)|\[(?<index>-?\d+)\]|\[['"](?<quoted>[^'"]+)['"]\]|\[\?\(@(?<key>[^=!<>]+?)\s*(?<operator>==|!=)\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[\w.-]+))\)\]|(?<all>\[\*\]|\.\*)/gy

interface Piece {
  text?: string
  path?: string
  range?: { path: string; body: Piece[] }
}

/** @throws where the template cannot be understood */
export function fillTemplate(template: string, object: unknown): string {
  const pieces = parse(template.includes('{') ? template : `{${template}}`)
  return fill(pieces, object, object)
}

function parse(template: string): Piece[] {
  const stack: Piece[][] = [[]]
  let position = 0
  for (const match of template.matchAll(part)) {
    position = match.index + match[0].length
    const { inner, text } = match.groups as Record<string, string | undefined>
    const current = stack.at(-1) as Piece[]
    const word = inner?.trim()
    if (text !== undefined) current.push({ text })
    else if (word === 'end') stack.pop()
    else if (word?.startsWith('range')) {
      const body: Piece[] = []
      current.push({ range: { path: word.slice('range'.length).trim(), body } })
      stack.push(body)
    } else if (/^["']/.test(word ?? '')) current.push({ text: unquoted(word as string) })
    else current.push({ path: word as string })
  }
  if (position < template.length || stack.length !== 1) throw new Error(`error parsing jsonpath ${template}`)
  return stack[0] as Piece[]
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\([ntr])/g, (_, letter) => ({ n: '\n', t: '\t', r: '\r' })[letter as 'n' | 't' | 'r'])
}

function fill(pieces: readonly Piece[], current: unknown, root: unknown): string {
  return pieces
    .map(({ text, path, range }) => {
      if (text !== undefined) return text
      if (range)
        return select(range.path, current, root)
          .map((item) => fill(range.body, item, root))
          .join('')
      return select(path as string, current, root)
        .map(shown)
        .join(' ')
    })
    .join('')
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

function select(path: string, current: unknown, root: unknown): Values {
  const start = path.startsWith('$') ? root : current
  const rest = path.replace(/^[$@]/, '')
  let values: Values = [start]
  let position = 0
  const whole = rest.startsWith('.') || rest.startsWith('[') || rest === '' ? rest : `.${rest}`
  if (whole === '' || whole === '.') return values
  for (const match of whole.matchAll(step)) {
    position = match.index + match[0].length
    const take = taking(match.groups as Record<string, string | undefined>)
    values = values.flatMap(take)
  }
  if (position < whole.length) throw new Error(`error parsing jsonpath {${path}}`)
  return values
}

function taking(groups: Record<string, string | undefined>): (value: unknown) => Values {
  const { field, quoted, index, all, deep, key, operator } = groups
  const name = quoted ?? field?.replace(/\\(.)/g, '$1')
  if (name === '*' || all) return items
  if (name !== undefined) return (value) => fieldOf(value, name)
  if (deep !== undefined) return (value) => everywhere(value, deep)
  if (index !== undefined)
    return (value) => (Array.isArray(value) ? [value.at(Number(index))].filter((item) => item !== undefined) : [])
  const wanted = groups.double ?? groups.single ?? groups.bare
  return (value) =>
    items(value).filter((item) =>
      select(key as string, item, item).some((found) => (String(found) === wanted) === (operator === '==')),
    )
}

function items(value: unknown): Values {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function fieldOf(value: unknown, name: string): Values {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return []
  return [(value as Record<string, unknown>)[name]]
}

function everywhere(value: unknown, name: string): Values {
  return [...fieldOf(value, name), ...items(value).flatMap((item) => everywhere(item, name))]
}
