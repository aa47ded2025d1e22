/** Command lines as Go's programs read them (pflag): `--name=x`, `--name x`, `-n x`, `-nx`, `--wait`, in any order. */
import { parseArgs } from 'node:util'

/** A flag: with a value, without, or one that may be given several times. */
export interface Flag {
  type: 'value' | 'switch' | 'list'
  short?: string
  /** What `--flag` alone means, where a value may follow `=` only. */
  alone?: string
  /** What a program's help says of it. */
  about?: string
  /** How its help calls the value; `string` where nothing is said. */
  value?: string
}

export type Flags = Readonly<Record<string, Flag>>

export interface CommandLine {
  words: string[]
  /** The last value of a flag; of a switch `true` or `false`. */
  value: (flag: string) => string | undefined
  values: (flag: string) => string[]
  isSet: (flag: string) => boolean
}

/** The command line was not understood; kind and istioctl print this after `ERROR: ` or `Error: `. */
export class UsageError extends Error {}

/** @throws UsageError in pflag's words */
export function parseFlags(args: readonly string[], flags: Flags): CommandLine {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short, alone }]) => [
      name,
      {
        type: type === 'switch' || alone !== undefined ? ('boolean' as const) : ('string' as const),
        ...(short ? { short } : {}),
      },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })
  const words: string[] = []
  const found = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const flag = flags[name]
    if (!flag) throw new UsageError(unknown(rawName, name, args))
    found.set(name, [...(found.get(name) ?? []), given(flag, name, rawName, value)])
  }
  const values = (name: string) => found.get(name) ?? []
  return { words, values, value: (name) => values(name).at(-1), isSet: (name) => values(name).at(-1) === 'true' }
}

function given(
  { type, short, alone, value: valueName }: Flag,
  name: string,
  rawName: string,
  value: string | undefined,
): string {
  const label = short ? `"-${short}, --${name}"` : `"--${name}"`
  if (value === undefined && alone !== undefined) return alone
  if (type !== 'switch') {
    if (value === undefined)
      throw new UsageError(
        `flag needs an argument: ${rawName.startsWith('--') ? rawName : `'${rawName.slice(1)}' in ${rawName}`}`,
      )
    const wrong = invalidValue(valueName, value)
    if (wrong) throw new UsageError(`invalid argument "${value}" for ${label} flag: ${wrong}`)
    return value
  }
  if (value !== undefined && value !== 'true' && value !== 'false')
    throw new UsageError(
      `invalid argument "${value}" for ${label} flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
    )
  return value ?? 'true'
}

/** Why the text is no value of its kind, in the words of Go. */
function invalidValue(kind: string | undefined, text: string): string | undefined {
  if (kind === 'duration' && !/^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(text))
    return `time: ${/^[-+]?\d+(\.\d+)?$/.test(text) ? 'missing unit in duration' : 'invalid duration'} "${text}"`
  if (kind === 'int32' && !/^[-+]?\d+$/.test(text)) return `strconv.ParseInt: parsing "${text}": invalid syntax`
  return undefined
}

function unknown(rawName: string, name: string, args: readonly string[]): string {
  if (rawName.startsWith('--')) return `unknown flag: ${rawName}`
  const whole = args.find((arg) => /^-[^-]/.test(arg) && arg.includes(name)) ?? rawName
  return `unknown shorthand flag: '${name}' in ${whole}`
}
