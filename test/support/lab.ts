/** A lab of a test's own: state folder, kubeconfig and environment, and the project's scripts run in it. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { projectFolder } from '../../lib/state.ts'
import { temporaryFolder } from './folder.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Lab {
  /** The state folder. */
  home: string
  env: NodeJS.ProcessEnv
  /** Runs a script of the project to its end: `lab.script('01-install.ts', '--list')`. */
  script: (name: string, ...args: string[]) => Promise<Ended>
  /** Runs any program to its end in the lab's environment. */
  program: (name: string, ...args: string[]) => Promise<Ended>
}

/** @param path folders that come first on the PATH */
export function newLab({ path = [], env = {} }: { path?: readonly string[]; env?: NodeJS.ProcessEnv } = {}): Lab {
  const home = temporaryFolder()
  const own: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [...path, process.env.PATH].join(delimiter),
    LAB_HOME: home,
    KUBECONFIG: join(home, 'users-kubeconfig'),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    FORCE_COLOR: '0',
    ...env,
  }
  return {
    home,
    env: own,
    script: (name, ...args) => ended(process.execPath, ['--import', 'tsx/esm', join('scripts', name), ...args], own),
    program: (name, ...args) => ended(name, args, own),
  }
}

/** Runs a program in the project's folder to its end. */
export function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(program, args, { cwd: projectFolder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) }),
    )
  })
}
