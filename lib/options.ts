/** The command line of the lesson's scripts, in one place. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { EXIT, Failure, usage } from './failure.ts'
import type { OptionWords } from './words/options-en.ts'

export type TargetId = 'kind' | 'context' | 'sandbox'
export type Lang = 'en' | 'ru'

export interface Options {
  list: boolean
  from?: string
  only?: string
  target?: TargetId
  context?: string
  name?: string
  port?: number
  nodeImage?: string
  lang: Lang
  print: boolean
  check: boolean
  /** Pull images in the background. */
  prefetch: boolean
  verbose: boolean
  quiet: boolean
  /** Milliseconds, for each wait. */
  timeout?: number
}

/** What a timer can hold. */
const MOST_MS = 2 ** 31 - 1

/** Milliseconds of `90s`, `5m`, `1h`; a plain number is seconds. */
export function duration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit]
  const value = Math.round(Number(number) * (factor ?? Number.NaN))
  if (!(value > 0)) throw new InvalidArgumentError('Give it like 90s, 5m, or a number of seconds.')
  if (value > MOST_MS) throw new InvalidArgumentError('Give at most 24 days: timers know no more.')
  return value
}

/** A port that a user may take for the page; the HTTPS port lies 363 above it, as 8443 does above 8080. */
export function pagePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1024 || port > 65_535 - 363)
    throw new InvalidArgumentError('Give a port from 1024 to 65172.')
  return port
}

/** Names that kind, Docker and file systems take alike. */
export function clusterName(text: string): string {
  if (!/^[a-z0-9]([a-z0-9.-]{0,48}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('Lowercase letters, digits, "-" and ".", at most 50.')
  return text
}

export function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new InvalidArgumentError('Give an address like https://mirror.')
  return text
}

/** Russian where the locale says so. */
export function langOfLocale(env: NodeJS.ProcessEnv): Lang {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^ru(?![a-z])/i.test(locale) ? 'ru' : 'en'
}

/** The language of a command line that may not be parsed yet, or not be valid. */
export function langOf(argv: readonly string[]): Lang {
  const given = argv.flatMap((word, i) => (word === '--lang' ? argv[i + 1] : /^--lang=(.*)/.exec(word)?.[1]) ?? [])
  const asked = given.at(-1)
  return asked === 'ru' || asked === 'en' ? asked : langOfLocale(process.env)
}

/** A command whose help speaks the language of its words. */
export function program(script: string, about: string, words: OptionWords): Command {
  return new Command(script)
    .description(about)
    .helpOption('-h, --help', words.help)
    .configureHelp({
      styleTitle: (title) =>
        ({ 'Usage:': words.usage, 'Options:': words.title, 'Arguments:': words.arguments })[title] ?? title,
      optionDescription: (option) => described(option, words),
    })
}

function described({ description, argChoices, defaultValue, envVar }: Option, words: OptionWords): string {
  const more = [
    argChoices && words.choices(argChoices),
    typeof defaultValue === 'string' && words.byDefault(defaultValue),
    envVar && words.fromEnvironment(envVar),
  ].filter(Boolean)
  return more.length > 0 ? `${description} (${more.join('; ')})` : description
}

/** The options that choose a cluster; every script has them. */
export function withTarget(command: Command, words: OptionWords): Command {
  return command
    .addOption(new Option('--target <target>', words.target).choices(['kind', 'context', 'sandbox']))
    .option('--context <name>', words.context)
    .option('--name <name>', `${words.name} (${words.byDefault('kind')})`, clusterName)
    .option('--port <port>', `${words.port} (${words.byDefault('8080')})`, pagePort)
}

/** The options that choose how a script speaks. */
export function withSpeech(command: Command, words: OptionWords): Command {
  return command
    .addOption(new Option('--lang <lang>', words.lang).choices(['en', 'ru']).default(langOfLocale(process.env)))
    .option('--verbose', words.verbose, false)
    .option('--quiet', words.quiet, false)
}

function lessonCommand(script: string, about: string, words: OptionWords): Command {
  return withSpeech(
    withTarget(program(script, about, words), words)
      .option('--node-image <image>', words.nodeImage)
      .option('--list', words.list, false)
      .option('--from <step>', words.from)
      .option('--only <step>', words.only)
      .option('--print', words.print, false)
      .option('--check', words.check, false)
      .option('--no-prefetch', words.noPrefetch)
      .option('--timeout <duration>', words.timeout, duration),
    words,
  )
}

/** @throws Failure with exit code 2 for what cannot be meant; `--help` prints and returns undefined. */
export function parseOptions(
  script: string,
  about: string,
  argv: readonly string[],
  words: OptionWords,
): Options | undefined {
  const options = parseWith<Options>(lessonCommand(script, about, words), argv)
  if (!options) return undefined
  if (options.from && options.only) throw usage(words.exclude('--from', '--only'))
  checkTarget(options, words)
  return options
}

/** What holds for every script that has the options of `withTarget`. */
export function checkTarget(
  { target, context, name, port }: Pick<Options, 'target' | 'context' | 'name' | 'port'>,
  words: OptionWords,
): void {
  if (target === 'context' && !context) throw usage(words.needsContext, 'kubectl config get-contexts')
  if (context && target && target !== 'context') throw usage(words.exclude('--context', `--target ${target}`))
  if (context && (name || port)) throw usage(words.notForContext)
}

/** Runs commander without letting it end the process. Undefined where it has printed the help. */
export function parseWith<T>(command: Command, argv: readonly string[]): T | undefined {
  let complaint = ''
  command.exitOverride().configureOutput({ writeErr: (text) => (complaint += text) })
  command.allowExcessArguments(false).showSuggestionAfterError()
  try {
    return command.parse(argv, { from: 'user' }).opts<T & object>()
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === EXIT.done) return undefined
    const what = complaint
      .trim()
      .replace(/^error: /, '')
      .replace(/\n/g, ' ')
    throw new Failure(what, { mend: `${command.name()} --help`, exitCode: EXIT.usage })
  }
}
