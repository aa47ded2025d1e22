/** What every command of kind reads off its line, and how it speaks: results on stdout, the rest on stderr. */
import { delimiter } from 'node:path'
import type { CommandLine } from '../cli/flags.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { type ClusterSettings, clusterFolder, readSettings } from '../cluster/settings.ts'

/** Of the kind whose words these are. */
export const VERSION = '0.22.0'

export const print = (text: string) => console.log(text)
export const say = (text: string) => console.error(text)

/** The sandbox's name where none is given, as kind has it. */
export function clusterName(line: CommandLine, config?: ClusterConfig): string {
  return (line.value('name') || process.env.KIND_CLUSTER_NAME) ?? config?.name ?? 'kind'
}

/** kind writes where kubectl reads. */
export function kubeconfigFile(line: CommandLine, cluster: string): string {
  const own = `${clusterFolder(cluster)}/kubeconfig`
  return line.value('kubeconfig') ?? process.env.KUBECONFIG?.split(delimiter)[0] ?? own
}

/** @throws Error where there is no such cluster, in the words of kind */
export function existing(line: CommandLine): ClusterSettings {
  const cluster = clusterName(line)
  const settings = readSettings(cluster)
  if (!settings)
    throw new Error(
      `could not locate any control plane nodes for cluster named '${cluster}'. Use the --name option to select a different cluster`,
    )
  return settings
}
