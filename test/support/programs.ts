/**
 * Stand-ins for docker, kind, kubectl and the like, in a folder for the front of the PATH. A program either is a shell
 * script, or asks the test what to answer.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
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
  const server = createServer(async (request, response) => {
    const call = (await json(request)) as ProgramCall
    calls.push(call)
    response.end(JSON.stringify(await answer(line(call), call)))
  })
  const { port, close } = await listen(server)
  const folder = join(temporaryFolder(), 'bin')
  mkdirSync(folder)
  for (const name of names) writeFileSync(join(folder, name), program(port), { mode: 0o755 })
  return { folder, calls, lines: () => calls.map(line), close }
}

function program(port: number): string {
  return `#!${process.execPath}
const { basename } = require('node:path')
const { readFileSync } = require('node:fs')
const args = process.argv.slice(2)
const call = {
  program: basename(process.argv[1]),
  args,
  // Read where an argument says so: others are given an input that never ends.
  stdin: args.some((arg) => /(^|=)-$/.test(arg)) ? readFileSync(0, 'utf8') : '',
  kubeconfig: process.env.KUBECONFIG ?? '',
}
fetch('http://127.0.0.1:${port}', { method: 'POST', body: JSON.stringify(call) })
  .then((response) => response.json())
  .then(({ stdout = '', stderr = '', code = 0 }) => {
    process.stdout.write(stdout)
    process.stderr.write(stderr)
    process.exitCode = code
  })
`
}
