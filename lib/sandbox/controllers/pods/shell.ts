/**
 * What commands do, as far as it is known without running them: how long they take, how they end, and what `echo`
 * writes. Scripts are read as far as they are simple commands, one after the other.
 */
import { parse } from 'shell-quote'

export interface Course {
  /** What is written, and how many seconds after the start. */
  lines: readonly { after: number; text: string }[]
  /** How it ends, and how many seconds after the start; undefined where it goes on. */
  end: { after: number; exitCode: number } | undefined
  /** What was written into the file of last words. */
  message?: string
}

/** A variable's value: '' of one that nobody set, undefined of one that may be anything. */
export type Variable = (name: string) => string | undefined

/** Where a container leaves its last words. */
const LAST_WORDS = '/dev/termination-log'

/** Commands beside each other in a pipe, and what becomes of what the last of them writes. */
interface Statement {
  after: ';' | '&&' | '||'
  commands: string[][]
  /** A file; '' for what everybody reads, undefined for somewhere else. */
  target: string | undefined
}

const isShell = /^(\S*\/)?(sh|bash|ash)$/

/** @param words of a command, of which a shell's script is looked into */
export function courseOfCommand(words: readonly string[], variable: Variable): Course {
  const [program = '', option = '', script = ''] = words
  if (isShell.test(program) && /^-\w*c$/.test(option)) return run(statementsOf(script, variable))
  return run([{ after: ';', commands: [[...words]], target: '' }])
}

function statementsOf(script: string, variable: Variable): Statement[] {
  // The one program whose answer is known, where it stands for its own.
  const lines = script.replaceAll('$(hostname)', '$HOSTNAME').split('\n')
  return lines.flatMap((line) => {
    const unknown: string[] = []
    const tokens = parse(line, (name) => {
      const value = variable(name)
      if (value === undefined) unknown.push(name)
      return value ?? ''
    })
    const statements = readStatements(tokens)
    // Which of them it stands in is not told.
    return unknown.length > 0 ? statements.map((one) => ({ ...one, target: undefined })) : statements
  })
}

type Token = ReturnType<typeof parse>[number]

const connectors: readonly string[] = [';', '&&', '||']

function readStatements(tokens: readonly Token[]): Statement[] {
  const statements: Statement[] = [{ after: ';', commands: [[]], target: '' }]
  let redirect: string | undefined
  for (const token of tokens) {
    const statement = statements.at(-1) as Statement
    const command = statement.commands.at(-1) as string[]
    if (typeof token === 'string' && redirect !== undefined) {
      if (redirect.startsWith('>') && redirect !== '>&') statement.target = token
      redirect = undefined
    } else if (typeof token === 'string') command.push(token)
    else if ('op' in token && connectors.includes(token.op))
      statements.push({ after: token.op as Statement['after'], commands: [[]], target: '' })
    else if ('op' in token && token.op === '|') {
      statement.commands.push([])
      statement.target = undefined
    } else if ('op' in token && ['>', '>>', '>&', '<'].includes(token.op)) {
      redirect = token.op
      // `2>&1` comes as a word of its own.
      if (/^[12]$/.test(command.at(-1) ?? '') && token.op !== '<') command.pop()
    } else if ('op' in token) {
      statement.target = undefined
      // What goes on in the background, or begins in another shell.
      if (token.op === '&' || command.length === 0) statement.commands = [['']]
    }
  }
  return statements
}

/** Programs that end at once, wherever they are run; what most of them write depends on where that is. */
const ending: ReadonlyMap<string, number> = new Map([
  ...(
    'true : echo printf date env export hostname id ls pwd printenv uname whoami awk base64 basename cat chmod cp cut ' +
    'dirname expr grep head mkdir mv rm sed seq set sort tail tee touch tr uniq wc xargs'
  )
    .split(' ')
    .map((name) => [name, 0] as const),
  ['false', 1],
])

/** Of `sleep`, in seconds. */
const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** How many seconds a command takes, and its exit code; undefined where it is not known that it ends. */
function effectOf([program = '', ...words]: readonly string[]): { seconds: number; exitCode: number } | undefined {
  const name = nameOf(program)
  const pause = name === 'sleep' ? /^(?<count>\d+)(?<unit>[smhd]?)$/.exec(words[0] ?? '')?.groups : undefined
  if (pause) return { seconds: Number(pause.count) * (units[pause.unit as string] as number), exitCode: 0 }
  const exitCode = name === 'tail' && words.some((word) => /^-\w*f$/i.test(word)) ? undefined : ending.get(name)
  return exitCode === undefined ? undefined : { seconds: 0, exitCode }
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1)
}

/** One after the other, until there is one of which it is not known that it ends. */
function run(statements: readonly Statement[]): Course {
  const lines: { after: number; text: string }[] = []
  let [after, exitCode, message] = [0, 0, '']
  const last = () => (message === '' ? {} : { message })
  for (const { after: connector, commands, target } of statements) {
    const [first = [], ...piped] = commands
    if (first.length === 0 && piped.length === 0) continue
    if ((connector === '&&' && exitCode !== 0) || (connector === '||' && exitCode === 0)) continue
    if (first[0] === 'exit') return { lines, end: { after, exitCode: Number(first[1] ?? exitCode) || 0 }, ...last() }
    const effects = commands.map(effectOf)
    if (effects.includes(undefined)) return { lines, end: undefined, ...last() }
    if (nameOf(first[0] ?? '') === 'echo') {
      const text = first.slice(1).join(' ')
      if (target === '') lines.push({ after, text })
      if (target === LAST_WORDS) message = `${text}\n`
    }
    after += Math.max(...effects.map((effect) => effect?.seconds ?? 0))
    exitCode = effects.at(-1)?.exitCode ?? 0
  }
  return { lines, end: { after, exitCode }, ...last() }
}
