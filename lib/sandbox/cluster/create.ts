/** `kind create cluster`: the folder of a new cluster, its process, its place in the kubeconfig. */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import type { ClusterConfig } from './config.ts'
import { addToKubeconfig } from './kubeconfig.ts'
import { nodeName } from './node.ts'
import { PortTaken, startProcess } from './process.ts'
import { type ClusterSettings, clusterFolder, readSettings, removeCluster, writeSettings } from './settings.ts'

export interface NewCluster {
  name: string
  image: string
  config: ClusterConfig
}

/** @throws where the name cannot be used, or is in use */
export function checkName(name: string): void {
  clusterFolder(name)
  if (readSettings(name)) throw new Error(`node(s) already exist for a cluster with the name "${name}"`)
}

/** Docker's part: what the node needs, and that its ports are free. */
export async function prepare({ name, image, config }: NewCluster): Promise<ClusterSettings> {
  for (const { hostPort } of config.ports) if (hostPort > 0) await freePort(hostPort)
  const [certificates, apiPort] = await Promise.all([makeCertificates(nodeName(name)), freePort(config.apiPort ?? 0)])
  return {
    name,
    image,
    nodeLabels: config.nodeLabels,
    ports: await Promise.all(
      config.ports.map(async (port) => ({ ...port, hostPort: port.hostPort || (await freePort(0)) })),
    ),
    apiPort,
    certificates,
  }
}

/**
 * Starts the cluster. The kubeconfig in its folder comes first and the settings, by which it exists, after it: whoever
 * finds either knows that there is something to delete.
 */
export async function startCluster(settings: ClusterSettings): Promise<void> {
  const folder = clusterFolder(settings.name)
  try {
    addToKubeconfig(join(folder, 'kubeconfig'), settings)
    writeSettings(settings)
    await startProcess(folder)
  } catch (error) {
    removeCluster(settings.name)
    throw error
  }
}

/** What kind prints when docker cannot publish a port. */
export function dockerError(error: unknown, cluster: string): unknown {
  if (!(error instanceof PortTaken)) return error
  return new Error(
    `command "docker run --name ${nodeName(cluster)} ..." failed with error: exit status 125\n` +
      'Command Output: docker: Error response from daemon: driver failed programming external connectivity on endpoint ' +
      `${nodeName(cluster)}: Error starting userland proxy: listen tcp4 127.0.0.1:${error.port}: bind: address already in use.`,
    { cause: error },
  )
}

/** The port itself, where nobody listens on it; 0 asks for any free one. @throws PortTaken */
async function freePort(port: number): Promise<number> {
  const server = createServer()
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortTaken(port, `port ${port} is taken`)
    throw cause
  } finally {
    server.close()
  }
}
