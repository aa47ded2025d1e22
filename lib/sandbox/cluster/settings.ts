/** What a sandbox's cluster is, in its folder: `$LAB_SANDBOX_HOME/NAME/cluster.json`. A cluster exists when that does. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Certificates } from './certificates.ts'
import type { PortMapping } from './config.ts'

export interface ClusterSettings {
  name: string
  /** `kindest/node:v1.29.2`: shown only. */
  image: string
  nodeLabels: Readonly<Record<string, string>>
  ports: readonly PortMapping[]
  /** The API's port on 127.0.0.1; it stays the same when the process is started again. */
  apiPort: number
  certificates: Certificates
  /** Its first objects are stored: where nothing is, something was lost. */
  isSeeded?: true
}

/** A folder with a folder for each cluster. @throws where the environment names none */
function sandboxHome(): string {
  const home = process.env.LAB_SANDBOX_HOME
  if (!home)
    throw new Error(
      'LAB_SANDBOX_HOME is not set: this program belongs to the sandbox, use it in `npm run sandbox -- bash`',
    )
  return resolve(home)
}

/** As kind's: names that a container and a folder can have. */
const validName = /^[a-z0-9.-]+$/

/** @throws for what no cluster can be called: it might lead out of the sandboxes' folder */
export function clusterFolder(name: string): string {
  if (!isClusterName(name))
    throw new Error(
      `'${name}' is not a valid cluster name, cluster names must match \`${validName.source.replaceAll('\\', '')}\``,
    )
  return join(sandboxHome(), name)
}

export function isClusterName(name: string): boolean {
  return validName.test(name) && !/^\.+$/.test(name)
}

export function clusterNames(): string[] {
  const home = sandboxHome()
  if (!existsSync(home)) return []
  return readdirSync(home)
    .filter((name) => existsSync(join(home, name, 'cluster.json')))
    .sort()
}

/** Undefined where there is no such cluster. */
export function readSettings(name: string): ClusterSettings | undefined {
  return isClusterName(name) ? readSettingsIn(clusterFolder(name)) : undefined
}

export function readSettingsIn(folder: string): ClusterSettings | undefined {
  const file = join(folder, 'cluster.json')
  if (!existsSync(file)) return undefined
  const again = 'delete the cluster and create it again'
  let settings: ClusterSettings
  try {
    settings = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new Error(`${file} is damaged; ${again}`, { cause })
  }
  if (!settings.certificates?.administrator) throw new Error(`${file} was written by an earlier version; ${again}`)
  return settings
}

export function writeSettings(settings: ClusterSettings): void {
  const folder = clusterFolder(settings.name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeSettingsIn(folder, settings)
}

export function writeSettingsIn(folder: string, settings: ClusterSettings): void {
  writeWhole(join(folder, 'cluster.json'), `${JSON.stringify(settings, undefined, 2)}\n`)
}

/** What tells that a folder is a cluster's, also where its making or removing was interrupted. */
const ownFiles = ['cluster.json', 'kubeconfig', 'journal', 'pid', 'log']

/** Removes a cluster's folder; leaves one that is somebody else's. */
export function removeCluster(name: string): void {
  const folder = clusterFolder(name)
  if (ownFiles.some((file) => existsSync(join(folder, file)))) rmSync(folder, { recursive: true, force: true })
}

/** Writes a file that only its owner reads, in one step: a reader sees the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, text, { mode: 0o600 })
  renameSync(temporary, file)
}
