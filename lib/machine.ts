/** Small questions to this machine: Docker's engine, a port's holder, a tool's version. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import type { Words } from './words/en.ts'

const exec = promisify(execFile)

/** Milliseconds for one answer: an engine that does not answer by then is of no use to a lesson. */
const LIMIT_MS = 10_000

export type Engine =
  | { ok: true; version: string }
  | { ok: false; reason: 'missing' | 'not running' | 'no permission'; detail: string }

/** Docker's engine; a `docker` on the PATH alone proves nothing. */
export async function dockerEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  try {
    const { stdout } = await exec('docker', ['version', '--format', '{{.Server.Version}}'], { env, timeout: LIMIT_MS })
    return { ok: true, version: stdout.trim() }
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
    const detail = stderr.trim() || message
    if (code === 'ENOENT') return { ok: false, reason: 'missing', detail: 'there is no docker on the PATH' }
    return { ok: false, reason: /permission denied/i.test(stderr) ? 'no permission' : 'not running', detail }
  }
}

/** Who listens on a port of this machine, as "node (process 123)"; undefined where the port is free. */
export async function portHolder(port: number, { holders }: Words): Promise<string | undefined> {
  if (await isFree(port)) return undefined
  const container = await containerOn(port)
  if (container) return holders.container(container)
  const program = await processOn(port)
  return program ? holders.process(program.name, program.pid) : holders.unseen
}

/** Free on all addresses, as kind publishes its ports on all. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}

async function containerOn(port: number): Promise<string | undefined> {
  const args = ['ps', '--filter', `publish=${port}`, '--format', '{{.Names}}']
  const { stdout } = await exec('docker', args, { timeout: LIMIT_MS }).catch(() => ({ stdout: '' }))
  return stdout.split('\n')[0]
}

async function processOn(port: number): Promise<{ name: string; pid: string } | undefined> {
  const ss = await exec('ss', ['-Hltnp', `sport = :${port}`], { timeout: LIMIT_MS }).catch(() => ({ stdout: '' }))
  const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss.stdout) ?? []
  if (name && pid) return { name, pid }
  const lsof = await exec('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeout: LIMIT_MS }).catch(
    () => ({
      stdout: '',
    }),
  )
  const [, lsofPid, lsofName] = /^p(\d+)\nc(.+)$/m.exec(lsof.stdout) ?? []
  return lsofName && lsofPid ? { name: lsofName, pid: lsofPid } : undefined
}

export type Tool = 'kind' | 'kubectl' | 'istioctl'

const versionArgs: Readonly<Record<Tool, readonly string[]>> = {
  kind: ['version'],
  kubectl: ['version', '--client'],
  istioctl: ['version', '--remote=false'],
}

/** A tool's version as 1.21.2; undefined where the tool is not there or does not run. */
export async function toolVersion(tool: Tool, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const run = exec(tool, [...versionArgs[tool]], { env, timeout: LIMIT_MS })
  const { stdout } = await run.catch(() => ({ stdout: '' }))
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0]
}
