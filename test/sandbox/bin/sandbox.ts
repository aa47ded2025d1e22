/** A folder for sandboxes of a test's own, and the sandbox's programs run in it, as they were bundled. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/folder.ts'
import { freePort } from '../../support/listen.ts'

const programs = join(import.meta.dirname, '../../../dist/sandbox')

export interface Output {
  code: number | null
  stdout: string
  stderr: string
}

type Program = 'kind' | 'istioctl' | 'kubectl' | 'resume'

export interface Sandbox {
  home: string
  /** Of the page. */
  port: number
  env: NodeJS.ProcessEnv
  /** Runs a program of the sandbox to its end; input is what it reads. */
  run: (program: Program, args: readonly string[], input?: string) => Promise<Output>
  /** The real kubectl, or any other program of this machine. */
  other: (program: string, args: readonly string[], input?: string) => Promise<Output>
  pid: (name?: string) => string
  /** Ends whatever was started; for `after`. */
  close: () => Promise<void>
}

export async function newSandbox(): Promise<Sandbox> {
  const home = temporaryFolder()
  const port = await freePort()
  const env = {
    ...process.env,
    LAB_SANDBOX_HOME: home,
    LAB_SANDBOX_PORT: String(port),
    KUBECONFIG: join(home, 'kind', 'kubeconfig'),
    KIND_CLUSTER_NAME: 'kind',
    TERM: 'dumb',
  }
  const run: Sandbox['run'] = (program, args, input) =>
    ended(process.execPath, [join(programs, `${program}.js`), ...args], env, input)
  return {
    home,
    port,
    env,
    run,
    other: (program, args, input) => ended(program, args, env, input),
    pid: (name = 'kind') => join(home, name, 'pid'),
    close: async () => {
      if (readdirSync(home).length > 0) await run('kind', ['delete', 'clusters', '--all'])
    },
  }
}

function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Output> {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  // Who does not read its input may have closed it.
  child.stdin.on('error', () => undefined).end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** The lesson's configuration with a port of the test. */
export function clusterConfig(port: number, name?: string): string {
  return `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
${name ? `name: ${name}\n` : ''}nodes:
- role: control-plane
  kubeadmConfigPatches:
  - |
    kind: InitConfiguration
    nodeRegistration:
      kubeletExtraArgs:
        node-labels: "ingress-ready=true"
  extraPortMappings:
  - containerPort: 8080
    hostPort: ${port}
    protocol: TCP
`
}
