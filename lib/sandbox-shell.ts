/** Any command in the environment of a sandbox, so that the lesson's text can be followed by hand. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import chalk from 'chalk'
import { EXIT, usage } from './failure.ts'
import { guarded, isMain, wordsAsked } from './main.ts'
import { clusterName, pagePort, parseWith, program } from './options.ts'
import { printFailure } from './print.ts'
import { quote } from './sh.ts'
import { labOf, noteLab } from './state.ts'
import { mappedPorts, resumeSandbox, sandboxEnv } from './targets/sandbox.ts'

interface SandboxOptions {
  name: string
  port?: number
}

export async function runInSandbox(meta: ImportMeta): Promise<void> {
  if (!isMain(meta)) return
  await guarded(async () => {
    const words = await wordsAsked()
    const { options: say } = words
    const command = program('npm run sandbox --', say.sandbox, say)
      .argument('[command...]', say.command)
      .option('--name <name>', say.name, clusterName, 'kind')
      .option('--port <port>', say.portOfSandbox, pagePort)
      .passThroughOptions()
    const options = parseWith<SandboxOptions>(command, process.argv.slice(2))
    if (!options) return EXIT.done
    const { name } = options
    const known = labOf({ target: 'sandbox', name })
    const port = options.port ?? mappedPorts(name)?.[0] ?? known?.port ?? 8080
    // A look into the sandbox does not lead the lesson's scripts there.
    if (options.port) noteLab({ target: 'sandbox', name, port, made: known?.made ?? {} })
    // One that cannot be brought back can still be deleted from here.
    await resumeSandbox(name, port, new AbortController().signal).catch((error) => printFailure(error, false, words))
    const [file = 'bash', ...args] = command.args
    return spawned(file, args, sandboxEnv(name, port), name)
  })
}

/** Hands over the terminal; gives the command's exit code. */
async function spawned(file: string, args: string[], env: NodeJS.ProcessEnv, name: string): Promise<number> {
  const prompt = basename(file) === 'bash' && args.length === 0 ? shellWithPrompt(name, env.PATH ?? '') : undefined
  const child = spawn(file, [...(prompt?.args ?? []), ...args], { env, stdio: 'inherit' })
  // Ctrl-C is for the command, which shares the terminal; this process waits for its end.
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (cause: NodeJS.ErrnoException) =>
        reject(cause.code === 'ENOENT' ? usage((words) => words.noCommand(file)) : cause),
      )
      child.on('exit', (code, signal) => resolve(code ?? (signal ? 128 : EXIT.failed)))
    })
  } finally {
    process.removeListener('SIGINT', ignore)
    prompt?.remove()
  }
}

/** bash with the user's own settings, and a prompt that says where one is. */
function shellWithPrompt(name: string, path: string): { args: string[]; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'istio-lesson-shell-'))
  const file = join(folder, 'bashrc')
  writeFileSync(
    file,
    [
      '[ -f ~/.bashrc ] && . ~/.bashrc',
      // The user's own settings may put other folders first.
      `export PATH=${quote(path)}`,
      `PS1='\\[\\e[33m\\](sandbox ${name}, simulated)\\[\\e[0m\\] \\w \\$ '`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  )
  console.log(
    chalk.yellow(
      `Sandbox "${name}": simulated, no Docker and no real Istio. Type the lesson's lines; leave with exit.`,
    ),
  )
  return { args: ['--rcfile', file], remove: () => rmSync(folder, { recursive: true, force: true }) }
}
