/** A lab on this machine's Docker: a kind cluster with a name and ports of its own, and nothing else is touched. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { envWithTools } from '../../lib/tools/bin.ts'
import { type Ended, type Lab, newLab } from '../support/lab.ts'

/** The HTTPS port lies this far above the page's: see lib/targets/cluster-config.ts. */
const HTTPS_ABOVE = 363

export interface RealLab extends Lab {
  name: string
  /** The options that choose this cluster. */
  target: readonly string[]
  page: string
  /** The scripts' own kubeconfig. */
  kubeconfig: string
  /** The container that is the cluster's node. */
  node: string
  /** Types lines in a shell that works on this cluster; stops at the first that fails. */
  type: (lines: string) => Promise<Ended>
  close: () => Promise<void>
}

export async function realLab(): Promise<RealLab> {
  const name = `real-${randomUUID().slice(0, 8)}`
  const port = await freePortPair()
  const lab = newLab({ env: envWithTools() })
  const kubeconfig = `${lab.home}/kind-${name}/kubeconfig`
  const type = (lines: string) =>
    lab.program('env', `KIND_CLUSTER_NAME=${name}`, `KUBECONFIG=${kubeconfig}`, 'bash', '-euc', lines)
  return {
    ...lab,
    name,
    target: ['--target', 'kind', '--name', name, '--port', String(port)],
    page: `http://localhost:${port}/productpage`,
    kubeconfig,
    node: `${name}-control-plane`,
    type,
    close: async () => {
      await type('kind delete cluster')
    },
  }
}

/** A port for the page of which the HTTPS port beside it is free as well. */
async function freePortPair(): Promise<number> {
  for (let port = 31_080; port < 32_000; port++)
    if ((await isFree(port)) && (await isFree(port + HTTPS_ABOVE))) return port
  throw new Error('no pair of ports is free')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}

/** @throws Error with what a program said that did not end well */
export async function succeeds(ended: Promise<Ended>): Promise<void> {
  const { code, stdout, stderr } = await ended
  if (code !== 0) throw new Error(stdout + stderr)
}
