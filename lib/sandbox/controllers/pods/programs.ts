/**
 * Which programs end by themselves, what they write until then, and how they end when they are asked to. Nothing is run
 * here: an image is known by its name, a command by its words, and all others are taken to go on until the signal ends
 * them.
 */
import { parse } from 'shell-quote'
import { findApplication } from '../../bookinfo/bookinfo.ts'
import { memo } from '../../memo.ts'
import { parseImage } from './images.ts'
import type { Container } from './pod.ts'

/** Images whose own program ends, with its exit code: shells and interpreters without a terminal, and greetings. */
const images: readonly [repository: RegExp, exitCode: number][] = [
  [/^library\/(busybox|alpine|debian|ubuntu|python|node|golang|hello-world)$/, 0],
  [/^(nicolaka\/netshoot|bitnami\/kubectl)$/, 0],
  [/^curlimages\/curl$/, 2],
]

/** Databases that do not start without one of these variables. */
const passwords: readonly [repository: RegExp, variable: RegExp][] = [
  [/^library\/postgres$/, /^POSTGRES_(PASSWORD(_FILE)?|HOST_AUTH_METHOD)$/],
  [/^library\/mysql$/, /^MYSQL_(ROOT_PASSWORD(_FILE)?|ALLOW_EMPTY_PASSWORD|RANDOM_ROOT_PASSWORD)$/],
  [
    /^library\/mariadb$/,
    /^(MARIADB|MYSQL)_(ROOT_PASSWORD(_FILE|_HASH)?|ALLOW_EMPTY(_ROOT)?_PASSWORD|RANDOM_ROOT_PASSWORD)$/,
  ],
]

/** What a program does, as far as it is known. */
export interface Course {
  /** What it writes, and how many seconds after its start. */
  lines: readonly { after: number; text: string }[]
  /** How it ends, and how many seconds after its start; undefined where it goes on. */
  end: { after: number; exitCode: number } | undefined
}

const goesOn: Course = { lines: [], end: undefined }
const ends = (exitCode: number): Course => ({ lines: [], end: { after: 0, exitCode } })

export const courseOf: (container: Container) => Course = memo((container) => {
  const words = commandOf(container)
  if (words) return courseOfWords(words, container)
  const repository = repositoryOf(container)
  const own = ownProgram(repository)
  if (own) return ends(own[1])
  return lacksPassword(repository, container) ? ends(1) : goesOn
})

/** What a container runs in place of its image's own program; undefined where it runs that. */
export function commandOf(container: Container): string[] | undefined {
  const { image, command = [], args = [] } = container
  if (command.length > 0) return [...command, ...args]
  // Where an image's program is a shell or an interpreter, arguments are a command of their own; so they are of Bookinfo's.
  return args.length > 0 && (ownProgram(repositoryOf(container)) || findApplication(image)) ? args : undefined
}

function repositoryOf({ image }: Container): string {
  return parseImage(image)?.repository ?? ''
}

function ownProgram(repository: string): (typeof images)[number] | undefined {
  return images.find(([known]) => known.test(repository))
}

/** The exit code of a command that a probe runs; undefined where it is not known. */
export function exitCodeOfCommand(command: readonly string[]): number | undefined {
  return courseOfWords(command, {}).end?.exitCode
}

function courseOfWords(words: readonly string[], container: WithVariables): Course {
  const variables = literals(container)
  const expanded = words.map((word) => word.replace(/\$\((\w+)\)/g, (text, name) => variables.get(name) ?? text))
  const [program = '', option = '', script = ''] = expanded
  const isScript = shell.test(program) && /^-\w*c$/.test(option)
  return courseOfStatements(isScript ? statementsOf(script, variables) : [expanded])
}

const shell = /^(\S*\/)?(sh|bash|ash)$/

// biome-ignore lint/suspicious/noExplicitAny: a container, or nothing
type WithVariables = any

/** Variables that come from elsewhere may be anything. */
function literals({ env = [] }: WithVariables): Map<string, string> {
  return new Map(env.map(({ name, value = '' }: { name: string; value?: string }) => [name, value]))
}

/** The words of each statement; those of one that is more than words are unknown. */
function statementsOf(script: string, variables: ReadonlyMap<string, string>): (string[] | undefined)[] {
  return script.split('\n').flatMap((line) => {
    const statements: (string[] | undefined)[] = [[]]
    for (const token of parse(line, (name) => variables.get(name) ?? '')) {
      const last = statements.at(-1)
      if (typeof token === 'string') last?.push(token)
      else if ('op' in token && [';', '&&'].includes(token.op)) statements.push([])
      else if ('op' in token) statements[statements.length - 1] = undefined
    }
    return statements
  })
}

/** Programs that end at once, wherever they are run; what some of them write depends on where that is. */
const ending: Readonly<Record<string, number>> = Object.fromEntries([
  ...['true', ':', 'echo', 'date', 'env', 'hostname', 'ls', 'pwd', 'printenv', 'uname', 'whoami'].map((name) => [
    name,
    0,
  ]),
  ['false', 1],
])

/** Of `sleep`, in seconds. */
const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** One after the other, until there is one of which it is not known how long it goes on. */
function courseOfStatements(statements: readonly (readonly string[] | undefined)[]): Course {
  const lines: { after: number; text: string }[] = []
  let [after, exitCode] = [0, 0]
  for (const statement of statements) {
    if (statement?.length === 0) continue
    const [program = '', ...words] = statement ?? []
    const name = program.slice(program.lastIndexOf('/') + 1)
    const [first = ''] = words
    if (name === 'exit') return { lines, end: { after, exitCode: Number(first) || 0 } }
    const pause = name === 'sleep' ? /^(?<count>\d+)(?<unit>[smhd]?)$/.exec(first)?.groups : undefined
    if (pause) after += Number(pause.count) * (units[pause.unit as string] as number)
    else if (ending[name] === undefined) return { lines, end: undefined }
    if (name === 'echo') lines.push({ after, text: words.join(' ') })
    exitCode = ending[name] ?? 0
  }
  return { lines, end: { after, exitCode } }
}

/** Images whose programs finish their work and end well when they are asked to. */
const endWell =
  /^((istio(-release)?|release)\/(proxyv2|pilot)|library\/(nginx|httpd|redis|memcached|postgres|mysql|mariadb))$/

/** 128 and the number of the signal by which the kubelet asks a container to end. */
const SIGTERM_EXIT_CODE = 143

/** The exit code of an image's program that was asked to end. */
export function stopCodeOf(image: string): number {
  return endWell.test(parseImage(image)?.repository ?? '') ? 0 : SIGTERM_EXIT_CODE
}

/** Variables that come from elsewhere may be anything. */
function lacksPassword(repository: string, { env = [], envFrom = [] }: Container): boolean {
  const needed = passwords.find(([known]) => known.test(repository))?.[1]
  return needed !== undefined && envFrom.length === 0 && !env.some(({ name }: { name: string }) => needed.test(name))
}
