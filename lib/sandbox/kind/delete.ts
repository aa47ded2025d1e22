/** `kind delete`: ends the processes and removes what they kept. */
import type { CommandLine } from '../cli/flags.ts'
import { removeFromKubeconfig } from '../cluster/kubeconfig.ts'
import { nodeName } from '../cluster/node.ts'
import { stopProcess } from '../cluster/process.ts'
import { clusterFolder, clusterNames, isClusterName, removeCluster } from '../cluster/settings.ts'
import { clusterName, kubeconfigFile, say } from './line.ts'

/** Of a cluster that is not there, kind says nothing. */
export async function deleteCluster(line: CommandLine): Promise<void> {
  const cluster = clusterName(line)
  say(`Deleting cluster "${cluster}" ...`)
  await remove(cluster, line)
}

/** @throws Error where none is named */
export async function deleteClusters(line: CommandLine): Promise<void> {
  const names = line.isSet('all') ? clusterNames() : line.words
  if (!line.isSet('all') && names.length === 0) throw new Error('no cluster names provided')
  for (const cluster of names) await remove(cluster, line)
  say(`Deleted clusters: [${names.map((cluster) => JSON.stringify(cluster)).join(' ')}]`)
}

async function remove(cluster: string, line: CommandLine): Promise<void> {
  // Nothing can be there, and kind calls that no mistake.
  if (!isClusterName(cluster)) return
  const isThere = clusterNames().includes(cluster)
  await stopProcess(clusterFolder(cluster))
  removeFromKubeconfig(kubeconfigFile(line, cluster), cluster)
  removeCluster(cluster)
  if (isThere) say(`Deleted nodes: ["${nodeName(cluster)}"]`)
}
