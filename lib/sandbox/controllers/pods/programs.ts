/**
 * Which programs end as soon as they are started, and how they end when they are asked to. Nothing is run here: an image
 * is known by its name, a command by its first words, and all others are taken to go on until the signal ends them.
 */
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

/** Command lines that end, wherever they are run. */
const commands: readonly [words: RegExp, exitCode: number][] = [
  [/^(\S*\/)?(true|echo|date|env|hostname|ls|pwd|printenv|uname|whoami)( |$)/, 0],
  [/^(\S*\/)?false( |$)/, 1],
]
const shell = /^(?:\S*\/)?(?:sh|bash|ash) -\w*c (?<script>.*)$/s
const exit = /^exit(?: (?<code>\d{1,3}))?$/

/** The exit code with which a container's program ends at once; undefined where it goes on. */
export function exitCodeOf(container: Container): number | undefined {
  const { command = [], args = [] } = container
  if (command.length > 0) return exitCodeOfLine([...command, ...args].join(' '))
  const repository = parseImage(container.image)?.repository ?? ''
  const own = images.find(([known]) => known.test(repository))
  // Where an image's program is a shell or an interpreter, arguments are a command of their own.
  if (own) return args.length > 0 ? exitCodeOfLine(args.join(' ')) : own[1]
  return lacksPassword(repository, container) ? 1 : undefined
}

function exitCodeOfLine(line: string): number | undefined {
  const script = shell.exec(line)?.groups?.script
  if (script === undefined) return commands.find(([words]) => words.test(line))?.[1]
  const parts = script.split(/;|&&|\n/).map((part) => part.trim())
  const last = parts.filter(Boolean).at(-1) ?? ''
  const code = exit.exec(last)
  if (code) return Number(code.groups?.code ?? 0)
  return parts.length === 1 ? exitCodeOfLine(last) : undefined
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
