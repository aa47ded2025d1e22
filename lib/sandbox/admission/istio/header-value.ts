/** Values that headers are set to: text, in which `%NAME%` and `%NAME(...)%` are variables and `%%` is a percent sign. */

export function checkHeaderValue(value: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return `header value configuration ${value} is invalid`
  const reason = variableError(value)
  return reason && `header value configuration: invalid header configuration. ${reason}`
}

/** Where in a variable the reader is; `fail` begins what istiod says there. */
type State = 'text' | 'name' | 'arguments' | 'string' | 'next string' | 'delimiter' | 'end of arguments' | 'end'

type Step = State | { fail: string } | undefined

/** The state after a letter; undefined: the same. Blanks change nothing where these look for a sign. */
const steps: Readonly<Record<State, (letter: string) => Step>> = {
  text: (letter) => (letter === '%' ? 'name' : undefined),
  name: (letter) => (letter === '%' ? 'text' : letter === '(' ? 'arguments' : undefined),
  arguments: (letter) => (letter === '[' ? 'next string' : letter === ' ' ? undefined : 'string'),
  string: (letter) => (letter === ')' ? 'end' : letter === '"' ? 'delimiter' : undefined),
  'next string': sign({ '"': 'string' }, `Expecting '"'`),
  delimiter: sign({ ',': 'next string', ']': 'end of arguments' }, "Expecting ',', ']', or whitespace"),
  'end of arguments': sign({ ')': 'end' }, "Expecting ')' or whitespace after '{}', but found '{}'"),
  end: sign({ '%': 'text' }, "Expecting '%' or whitespace after"),
}

function sign(expected: Readonly<Record<string, State>>, fail: string): (letter: string) => Step {
  return (letter) => expected[letter] ?? (letter === ' ' ? undefined : { fail })
}

/** istiod's own reader, a copy of an old one of Envoy's (header_value_validator). */
function variableError(value: string): string | undefined {
  let state: State = 'text'
  for (let at = 0; at < value.length; at++) {
    const letter = value.charAt(at)
    const isLast = at === value.length - 1
    if (state === 'text' && letter === '%' && isLast) return 'Un-escaped %'
    if (state === 'string' && letter === '\\' && isLast) return 'Un-terminated backslash in JSON string'
    if ((state === 'text' && value.startsWith('%%', at)) || (state === 'string' && letter === '\\')) {
      at++
      continue
    }
    const step: Step = steps[state](letter)
    if (typeof step === 'object') return step.fail
    state = step ?? state
  }
  return state === 'text' ? undefined : `Un-terminated variable expression '${value}'`
}
