/** Selectors by labels: `app=reviews,version in (v1,v2),!canary`, read as k8s.io/apimachinery/pkg/labels reads them. */
import type { KubeObject, Labels } from '../objects.ts'
import { isLabelValue, isQualifiedName } from '../schema/validation/formats.ts'
import { invalid, type Problem } from '../schema/validation/problems.ts'
import { badRequest } from '../status.ts'
import type { Matches } from './field-selector.ts'

type Requirement = (labels: Labels) => boolean

/** @throws BadRequest */
export function labelSelector(text: string | null): Matches {
  if (!text?.trim()) return () => true
  const requirements = new Parser(text).requirements()
  return ({ metadata }: KubeObject) => requirements.every((holds) => holds(metadata.labels ?? {}))
}

type Operator = (name: string, values: readonly string[]) => Requirement

const equals: Operator =
  (name, [wanted]) =>
  (labels) =>
    labels[name] === wanted
const operators: Readonly<Record<string, Operator>> = {
  in: (name, values) => (labels) => labels[name] !== undefined && values.includes(labels[name]),
  notin: (name, values) => (labels) => labels[name] === undefined || !values.includes(labels[name]),
  '=': equals,
  '==': equals,
  '!=':
    (name, [other]) =>
    (labels) =>
      labels[name] !== other,
  '>':
    (name, [bound]) =>
    (labels) =>
      Number(labels[name]) > Number(bound),
  '<':
    (name, [bound]) =>
    (labels) =>
      Number(labels[name]) < Number(bound),
}
const operatorNames = 'in, notin, =, ==, !=, gt, lt'

/** Names and values, and the longest signs that are any. */
const token = /[^\s=!(),<>]+|==|!=|[=!(),<>]/g

class Parser {
  readonly #tokens: string[]

  constructor(text: string) {
    this.#tokens = text.match(token) ?? []
  }

  requirements(): Requirement[] {
    const found: Requirement[] = []
    while (this.#next !== '') {
      if (!isName(this.#next) && this.#next !== '!') throw expected(this.#next, "!, identifier, or 'end of string'")
      found.push(this.#requirement())
      const after = this.#take()
      if (after !== '' && after !== ',') throw expected(after, "',' or 'end of string'")
      if (after === ',' && !isName(this.#next) && this.#next !== '!') throw expected(this.#next, "identifier after ','")
    }
    return found
  }

  /** '' at the end of the text */
  get #next(): string {
    return this.#tokens[0] ?? ''
  }

  #take(): string {
    return this.#tokens.shift() ?? ''
  }

  #requirement(): Requirement {
    const isAbsent = this.#next === '!' && this.#take() !== ''
    const name = this.#take()
    if (!isName(name)) throw unparsed(`found '${name}', expected: identifier`)
    checked(isQualifiedName(name).map((text) => invalid('<nil>', name, text)))
    if (this.#next === '' || this.#next === ',') return (labels) => (labels[name] === undefined) === isAbsent
    const sign = this.#take()
    const operator = operators[sign]
    if (!operator) throw unparsed(`found '${sign}', expected: ${operatorNames}`)
    const values = sign === 'in' || sign === 'notin' ? this.#values() : [this.#value()]
    checked([
      ...(sign === '>' || sign === '<' ? checkNumbers(values) : []),
      ...values.flatMap((value, index) =>
        isLabelValue(value).map((text) => invalid(`values[${index}][${name}]`, value, text)),
      ),
    ])
    return operator(name, values)
  }

  #value(): string {
    if (this.#next === '' || this.#next === ',') return ''
    const value = this.#take()
    if (!isName(value)) throw unparsed(`found '${value}', expected: identifier`)
    return value
  }

  /** `(a, b)`; between two commas is the empty value. */
  #values(): string[] {
    const open = this.#take()
    if (open !== '(') throw unparsed(`found '${open}' expected: '('`)
    const values = new Set<string>()
    let value = ''
    for (;;) {
      const part = this.#take()
      if (part === ',' || part === ')') {
        values.add(value)
        value = ''
        if (part === ')') return [...values].sort()
      } else if (value !== '') throw unparsed(`found '${part}', expected: ',' or ')'`)
      else if (!isName(part)) throw unparsed(`found '${part}', expected: ',', ')' or identifier`)
      else value = part
    }
  }
}

function isName(text: string): boolean {
  return /^[^\s=!(),<>]/.test(text)
}

function checkNumbers(values: readonly string[]): Problem[] {
  return values.flatMap((value, index) =>
    /^[+-]?\d+$/.test(value)
      ? []
      : [invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")],
  )
}

function checked(problems: readonly Problem[]): void {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`)
  if (texts.length > 0) throw unparsed(texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`)
}

function unparsed(why: string): Error {
  return badRequest(`unable to parse requirement: ${why}`)
}

function expected(found: string, what: string): Error {
  return badRequest(`found '${found}', expected: ${what}`)
}
