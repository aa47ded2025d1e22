/**
 * Stand-ins for docker, kind, kubectl and the like, in a folder for the front of the PATH. A program either is a shell
 * script, or asks the test what to answer.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from './folder.ts'
import { listen } from './listen.ts'

/** A folder with these shell scripts as programs. */
export function shellPrograms(programs: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, script] of Object.entries(programs))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return folder
}

export interface ProgramCall {
  program: string
  args: string[]
  stdin: string
  /** The kubeconfig the program would work with. */
  kubeconfig: string
}

export interface Answer {
  stdout?: string
  stderr?: string
  code?: number
}

export interface Programs {
  folder: string
  calls: ProgramCall[]
  /** The calls as one would type them. */
  lines: () => string[]
  close: () => Promise<void>
}

/** A folder with these programs, each call of which the test answers. */
export async function answeredPrograms(
  names: readonly string[],
  answer: (line: string, call: ProgramCall) => Answer | Promise<Answer>,
): Promise<Programs> {
  const calls: ProgramCall[] = []
  const line = ({ program, args }: ProgramCall) => [program, ...args].join(' ')
  const server = createServer((socket) => {
    let text = ''
    socket.setEncoding('utf8').on('data', async (data) => {
      text += data
      const call = callOf(text)
      if (!call) return
      calls.push(call)
      const { code = 0, stdout = '', stderr = '' } = await answer(line(call), call)
      socket.end([code, stdout, stderr, ''].join('\0'))
    })
    // A program may be killed while the test thinks of an answer.
    socket.on('error', () => undefined)
  })
  const { port, close } = await listen(server)
  const folder = join(temporaryFolder(), 'bin')
  mkdirSync(folder)
  for (const name of names) writeFileSync(join(folder, name), program(port), { mode: 0o755 })
  return { folder, calls, lines: () => calls.map(line), close }
}

/** In bash, which starts in a few milliseconds: a run asks dozens of programs. Fields end with a NUL. */
function program(port: number): string {
  return `#!/bin/bash
# Read where an argument says so: others may be given an input that never ends.
case " $* " in *" - "* | *"=- "*) input=$(cat) ;; esac
exec 3<>/dev/tcp/127.0.0.1/${port}
printf '%s\\0' "\${0##*/}" "$KUBECONFIG" "$input" "$#" "$@" >&3
IFS= read -r -d '' code <&3
IFS= read -r -d '' out <&3
IFS= read -r -d '' err <&3
printf '%s' "$out"
printf '%s' "$err" >&2
exit "$code"
`
}

/** Undefined as long as not all of it has come. */
function callOf(text: string): ProgramCall | undefined {
  const [program = '', kubeconfig = '', stdin = '', count = '', ...rest] = text.split('\0')
  if (rest.length !== Number(count) + 1) return undefined
  return { program, kubeconfig, stdin, args: rest.slice(0, -1) }
}
