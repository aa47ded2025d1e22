/**
 * Which programs end by themselves, what they write until then, and how they end when they are asked to. Nothing is run
 * here: an image is known by its name, a command by its words, and all others are taken to go on until the signal ends
 * them.
 */
import { findApplication } from '../../bookinfo/bookinfo.ts'
import { environmentOf, expanded, type Surroundings } from './environment.ts'
import { parseImage } from './images.ts'
import type { Container } from './pod.ts'
import { type Course, courseOfCommand } from './shell.ts'

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

const goesOn: Course = { lines: [], end: undefined }
const ends = (exitCode: number): Course => ({ lines: [], end: { after: 0, exitCode } })

/** What the program of a container does. */
export function courseOf(container: Container, around: Surroundings): Course {
  const words = commandOf(container)
  if (words) return courseOfWords(words, container, around)
  const repository = repositoryOf(container)
  const own = ownProgram(repository)
  if (own) return ends(own[1])
  return lacksPassword(repository, container) ? ends(1) : goesOn
}

/** What is told of a container's end beside its exit code. */
export function lastWordsOf(
  { terminationMessagePolicy }: Container,
  { message, lines, end }: Course,
): string | undefined {
  if (message !== undefined || terminationMessagePolicy !== 'FallbackToLogsOnError' || !end?.exitCode) return message
  return lines.map(({ text }) => `${text}\n`).join('')
}

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

function courseOfWords(words: readonly string[], container: Container, around: Surroundings): Course {
  const known = environmentOf(container, around)
  return courseOfCommand(
    words.map((word) => expanded(word, known ?? new Map())),
    (name) => (known?.has(name) ? known.get(name) : known && ''),
  )
}

/** Images whose programs finish their work and end well when they are asked to. */
const endWell =
  /^((istio(-release)?|release)\/(proxyv2|pilot)|pause|library\/(nginx|httpd|redis|memcached|postgres|mysql|mariadb))$/

/** 128 and the number of the signal by which the kubelet asks a container to end. */
const SIGTERM_EXIT_CODE = 143

/** And of the signal by which it is ended, where it has not listened: shells and sleepers do not, as the first process. */
const SIGKILL_EXIT_CODE = 137

/** The exit code of a container's program that was asked to end. */
export function stopCodeOf(container: Container): number {
  if (commandOf(container)) return SIGKILL_EXIT_CODE
  return endWell.test(repositoryOf(container)) ? 0 : SIGTERM_EXIT_CODE
}

/** Variables that come from elsewhere may be anything. */
function lacksPassword(repository: string, { env = [], envFrom = [] }: Container): boolean {
  const needed = passwords.find(([known]) => known.test(repository))?.[1]
  return needed !== undefined && envFrom.length === 0 && !env.some(({ name }: { name: string }) => needed.test(name))
}
