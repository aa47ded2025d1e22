/**
 * The language of definitions' own rules, CEL, with what Kubernetes adds to it for URLs and regular expressions
 * (k8s.io/apiserver/pkg/cel/library). Large: loaded when a resource with rules is first written.
 */
import type { CelEnv, CelFunc, CelInput } from '@bufbuild/cel'
import { RE2JS } from 're2js'

export type { CelInput }

/** What a rule comes to, or why it comes to nothing. */
type Outcome = { value: unknown } | { error: string }

/** What an expression comes to with these values for its variables. */
type Evaluate = (variables: Readonly<Record<string, CelInput>>) => Outcome

let compile: ((expression: string) => Evaluate) | undefined

const known = new Map<string, Evaluate>()

export async function loadCel(): Promise<void> {
  if (compile) return
  const [cel, { strings }] = await Promise.all([import('@bufbuild/cel'), import('@bufbuild/cel/ext')])
  const env: CelEnv = cel.celEnv({ funcs: [...strings, ...urls(cel), ...expressions(cel)] })
  compile = (expression) => {
    const evaluate = planned(() => cel.plan(env, cel.parse(expression)))
    if (typeof evaluate === 'string')
      return () => ({ error: `this is a sandbox: it cannot read the rule: ${evaluate}` })
    return (variables) => {
      const value = evaluate(variables)
      return cel.isCelError(value) ? { error: inGo(value.message) } : { value }
    }
  }
}

/** @throws Error where CEL has not been loaded: a bug of the sandbox */
export function compiled(expression: string): Evaluate {
  if (!compile) throw new Error('CEL was not loaded')
  const evaluate = known.get(expression) ?? compile(expression)
  known.set(expression, evaluate)
  return evaluate
}

function planned<T>(plan: () => T): T | string {
  try {
    return plan()
  } catch (error) {
    return (error as Error).message
  }
}

/** In the words of cel-go. */
const words: readonly [RegExp, string][] = [
  [/^field not found: /, 'no such key: '],
  [/^found no matching overload for .*$/, 'no such overload'],
  [/^index (-?\d+) out of bounds .*$/, 'index out of bounds: $1'],
  [/^unbound function: (.*)$/, 'this is a sandbox: it does not have the function $1'],
]

function inGo(message: string): string {
  return words.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), message)
}

type Cel = typeof import('@bufbuild/cel')

/** As net/url's ParseRequestURI: with a scheme, or a path from the root. */
function parseUrl(text: string): URL | undefined {
  if (text.startsWith('/')) return new URL(text, 'none://')
  return /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text) ? new URL(text) : undefined
}

function urls({ celFunc, celMethod, celMap, CelScalar: { BOOL, STRING, DYN }, mapType }: Cel): CelFunc[] {
  const type = mapType(STRING, DYN)
  const part = (method: string, name: string) =>
    celMethod(method, type, [], STRING, function () {
      return String(this.get(name))
    })
  return [
    celFunc('isURL', [STRING], BOOL, (text) => parseUrl(text) !== undefined),
    celFunc('url', [STRING], type, (text) => {
      const url = parseUrl(text)
      if (!url) throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}`)
      const { protocol, host, hostname, port, pathname, searchParams } = url
      const query = Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)]))
      const scheme = protocol === 'none:' ? '' : protocol.slice(0, -1)
      return celMap(new Map(Object.entries({ scheme, host, hostname, port, path: pathname, query })))
    }),
    part('getScheme', 'scheme'),
    part('getHost', 'host'),
    part('getHostname', 'hostname'),
    part('getPort', 'port'),
    part('getEscapedPath', 'path'),
    celMethod('getQuery', type, [], DYN, function () {
      return this.get('query') ?? null
    }),
  ]
}

function expressions({ celMethod, CelScalar: { INT, STRING }, listType }: Cel): CelFunc[] {
  const texts = listType(STRING)
  const all = (text: string, pattern: string, most: number): string[] => {
    const found: string[] = []
    for (const matcher = RE2JS.compile(pattern).matcher(text); found.length < most && matcher.find(); )
      found.push(matcher.group() ?? '')
    return found
  }
  return [
    celMethod('find', STRING, [STRING], STRING, function (pattern) {
      return all(this, pattern, 1)[0] ?? ''
    }),
    celMethod('findAll', STRING, [STRING], texts, function (pattern) {
      return all(this, pattern, Number.POSITIVE_INFINITY)
    }),
    celMethod('findAll', STRING, [STRING, INT], texts, function (pattern, most) {
      return all(this, pattern, most < 0 ? Number.POSITIVE_INFINITY : Number(most))
    }),
  ]
}
