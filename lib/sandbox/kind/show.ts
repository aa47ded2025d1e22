/** `kind get` and `kind export`. */
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { CommandLine } from '../cli/flags.ts'
import { addToKubeconfig, contextName, kubeconfigOf } from '../cluster/kubeconfig.ts'
import { nodeName } from '../cluster/node.ts'
import { clusterFolder, clusterNames, readSettings } from '../cluster/settings.ts'
import { clusterName, existing, kubeconfigFile, print, say, VERSION } from './line.ts'

/** One name a line, for scripts; that there is none is no error. */
export function getClusters(): void {
  const names = clusterNames()
  if (names.length === 0) say('No kind clusters found.')
  for (const cluster of names) print(cluster)
}

export function getNodes(line: CommandLine): void {
  const cluster = clusterName(line)
  const names = clusterNames().filter((other) => line.isSet('all-clusters') || other === cluster)
  if (names.length === 0)
    say(line.isSet('all-clusters') ? 'No kind nodes found.' : `No kind nodes found for cluster "${cluster}".`)
  for (const found of names) print(nodeName(found))
}

/** @throws Error where there is no such cluster */
export function getKubeconfig(line: CommandLine): void {
  print(stringify(kubeconfigOf(existing(line)), { lineWidth: 0, indentSeq: false }))
}

export function exportKubeconfig(line: CommandLine): void {
  const settings = existing(line)
  addToKubeconfig(kubeconfigFile(line, settings.name), settings)
  say(`Set kubectl context to "${contextName(settings.name)}"`)
}

/** What the sandbox has to tell of itself stands where kind puts the logs of containers. */
export function exportLogs(line: CommandLine): void {
  const cluster = clusterName(line)
  if (!readSettings(cluster)) throw new Error(`unknown cluster ${JSON.stringify(cluster)}`)
  const folder = line.words[0] ?? mkdtempSync(join(tmpdir(), ''))
  say(`Exporting logs for cluster ${JSON.stringify(cluster)} to:`)
  const node = join(folder, nodeName(cluster))
  mkdirSync(node, { recursive: true })
  writeFileSync(join(folder, 'kind-version.txt'), `kind v${VERSION} (simulated)`)
  copyFileSync(join(clusterFolder(cluster), 'log'), join(node, 'sandbox.log'))
  print(folder)
}
