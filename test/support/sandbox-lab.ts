/** A lab whose scripts work in a sandbox of their own: a port and a name that nobody else has. */
import { randomUUID } from 'node:crypto'
import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../lib/state.ts'
import { temporaryFolder } from './folder.ts'
import { type Ended, ended, type Lab, newLab } from './lab.ts'
import { freePort } from './listen.ts'

export interface SandboxLab extends Lab {
  name: string
  port: number
  page: string
  /** Types lines in the shell that `npm run sandbox -- bash` opens, which stays open; stops at the first that fails. */
  type: (lines: string) => Promise<Ended>
  /** Sections 1 and 2 by hand, and then these manifests. */
  prepare: (...manifests: string[]) => Promise<void>
  close: () => Promise<void>
}

export async function sandboxLab(env: NodeJS.ProcessEnv = {}): Promise<SandboxLab> {
  const lab = newLab({ env })
  const name = `test-${randomUUID().slice(0, 8)}`
  const port = await freePort()
  const inSandbox = ['--name', name, '--port', String(port)]
  const opened = await lab.script('sandbox.ts', ...inSandbox, process.execPath, '-p', 'JSON.stringify(process.env)')
  const shell = { ...lab.env, ...JSON.parse(opened.stdout) } as NodeJS.ProcessEnv
  const type = (lines: string) => ended('bash', ['-euc', lines], shell)
  return {
    ...lab,
    name,
    port,
    page: `http://localhost:${port}/productpage`,
    type,
    prepare: async (...manifests) => {
      const files = new Set(['bookinfo.yaml', 'bookinfo-gateway.yaml', ...manifests])
      const { code, stderr } = await type(`
        kind create cluster
        istioctl install --set profile=demo -y
        kubectl label namespace default istio-injection=enabled
        kubectl patch deploy -n istio-system istio-ingressgateway -p '${hostNetwork}'
        ${[...files].map((file) => `kubectl apply -f manifests/${file}`).join('\n')}
        kubectl wait --for=condition=available --timeout=60s deployment --all`)
      if (code !== 0) throw new Error(stderr)
    },
    close: async () => {
      await type('kind delete cluster')
    },
  }
}

const hostNetwork = '{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirstWithHostNet","hostNetwork":true}}}}'

/** A copy of the project whose manifests and scripts a test may change. */
export function projectCopy(): string {
  const copy = temporaryFolder()
  for (const part of ['lib', 'scripts', 'manifests', 'package.json'])
    cpSync(join(projectFolder, part), join(copy, part), { recursive: true })
  for (const part of ['node_modules', 'dist']) symlinkSync(join(projectFolder, part), join(copy, part))
  return copy
}
