/** Programs with commands, as Go's cobra makes them: how a command is found, what its help says, how it refuses. */
import { type CommandLine, type Flag, type Flags, parseFlags, UsageError } from './flags.ts'

export interface Command {
  /** Its name, and how it is used: `docker-image <IMAGE> [IMAGE...]`. */
  use: string
  short: string
  long?: string
  flags?: Flags
  /** It takes words of its own. */
  takesWords?: boolean
  commands?: readonly Command[]
  /** Without it a command is there for those below it. */
  run?: (line: CommandLine) => Promise<void> | void
}

interface Found {
  command: Command
  /** From the program's name on: `kind create cluster`. */
  path: string
  /** What is left of the command line. */
  rest: string[]
}

const help: Flag = { type: 'switch', short: 'h' }

/**
 * Carries out a command line.
 * @param shared flags that all commands have
 * @param print writes to standard output
 * @throws UsageError in cobra's words
 */
export async function execute(
  root: Command,
  shared: Flags,
  args: readonly string[],
  print: (text: string) => void,
): Promise<void> {
  const { command, path, rest } = find(root, shared, args)
  const isRoot = command === root
  const line = parseFlags(rest, { ...shared, ...command.flags, help })
  const [word] = line.words
  const isAsked = line.isSet('help') || isRoot
  if (!isAsked && word !== undefined && !command.takesWords)
    throw new UsageError(`unknown command ${JSON.stringify(word)} for ${JSON.stringify(path)}`)
  if (!isAsked && command.run) return command.run(line)
  print(helpText(command, path, isRoot ? {} : shared, isRoot ? shared : {}))
  if (!isAsked) throw new UsageError('Subcommand is required')
}

/** Goes down as far as words name commands; `help create cluster` asks for the help of `create cluster`. */
function find(root: Command, shared: Flags, args: readonly string[]): Found {
  let command = root
  let path = nameOf(root)
  const rest: string[] = []
  const asked = args[0] === 'help' ? [...args.slice(1), '--help'] : args
  let isDeepest = false
  for (const [index, arg] of asked.entries()) {
    const isWord = !arg.startsWith('-') && !takesValue(asked[index - 1], { ...shared, ...command.flags })
    const next = isWord && !isDeepest ? command.commands?.find((candidate) => nameOf(candidate) === arg) : undefined
    if (!next) {
      rest.push(arg)
      isDeepest ||= isWord
      continue
    }
    command = next
    path = `${path} ${arg}`
  }
  return { command, path, rest }
}

function nameOf({ use }: Command): string {
  return use.split(' ')[0] as string
}

/** Whether the word after this one is a flag's value. */
function takesValue(arg: string | undefined, flags: Flags): boolean {
  if (!arg?.startsWith('-') || arg.includes('=')) return false
  const name = arg.replace(/^--?/, '')
  const [, flag] =
    Object.entries(flags).find(([long, { short }]) => name === (arg.startsWith('--') ? long : short)) ?? []
  return flag !== undefined && flag.type !== 'switch'
}

function helpText(command: Command, path: string, inherited: Flags, own: Flags): string {
  const parent = path.split(' ').slice(0, -1).join(' ')
  const isParent = command.commands !== undefined
  const usage = [
    ...(parent ? [`  ${parent} ${command.use} [flags]`] : []),
    ...(isParent ? [`  ${path} [command]`] : []),
  ]
  const flags = { ...own, ...command.flags, help: { ...help, about: `help for ${nameOf(command)}` } }
  const blocks = [
    command.long ?? command.short,
    `Usage:\n${usage.join('\n')}`,
    ...(command.commands ? [`Available Commands:\n${commandLines(command.commands)}`] : []),
    `Flags:\n${flagLines(flags)}`,
    ...(Object.keys(inherited).length > 0 ? [`Global Flags:\n${flagLines(inherited)}`] : []),
    ...(isParent ? [`Use "${path} [command] --help" for more information about a command.`] : []),
  ]
  return blocks.join('\n\n')
}

/** cobra's narrowest column of names. */
const NAME_WIDTH = 11

function commandLines(commands: readonly Command[]): string {
  const width = Math.max(NAME_WIDTH, ...commands.map((command) => nameOf(command).length))
  return commands.map((command) => `  ${nameOf(command).padEnd(width)} ${command.short}`).join('\n')
}

function flagLines(flags: Flags): string {
  const rows = Object.entries(flags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { type, short, about = '', value = type === 'list' ? 'strings' : 'string' }]) => [
      `  ${short ? `-${short},` : '   '} --${name}${type === 'switch' ? '' : ` ${value}`}`,
      about,
    ])
  const width = Math.max(...rows.map(([flag = '']) => flag.length))
  return rows.map(([flag = '', about]) => `${flag.padEnd(width)}   ${about}`).join('\n')
}
