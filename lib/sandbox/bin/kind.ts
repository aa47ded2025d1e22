/** The sandbox's kind: makes, lists and removes simulated clusters, with the words of kind 0.22.0. */
import { readFileSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { delimiter } from 'node:path'
import { stringify } from 'yaml'
import { type CommandLine, type Flags, parseFlags } from '../cli/flags.ts'
import { Failed, program, readInput } from '../cli/program.ts'
import { type ClusterConfig, parseClusterConfig } from '../cluster/config.ts'
import { checkName, dockerError, prepare, startCluster } from '../cluster/create.ts'
import { addToKubeconfig, contextName, kubeconfigOf, removeFromKubeconfig } from '../cluster/kubeconfig.ts'
import { nodeName } from '../cluster/node.ts'
import { stopProcess } from '../cluster/process.ts'
import { type ClusterSettings, clusterFolder, clusterNames, readSettings, removeCluster } from '../cluster/settings.ts'

const VERSION = '0.22.0'
const DEFAULT_IMAGE = 'kindest/node:v1.29.2'
const DEFAULT_PORT = 8080

const say = (text: string) => console.error(text)
const print = (text: string) => console.log(text)

interface Command {
  flags: Flags
  run: (line: CommandLine) => Promise<void> | void
}

const name = { type: 'value', short: 'n' } as const
const kubeconfig = { type: 'value' } as const
const common: Flags = {
  verbosity: { type: 'value', short: 'v' },
  quiet: { type: 'switch', short: 'q' },
  loglevel: { type: 'value' },
  help: { type: 'switch', short: 'h' },
}

const commands: Readonly<Record<string, Command>> = {
  'create cluster': {
    flags: {
      name,
      kubeconfig,
      config: { type: 'value' },
      image: { type: 'value' },
      wait: { type: 'value' },
      retain: { type: 'switch' },
    },
    run: createCluster,
  },
  'delete cluster': { flags: { name, kubeconfig }, run: deleteCluster },
  'delete clusters': { flags: { kubeconfig, all: { type: 'switch', short: 'A' } }, run: deleteClusters },
  'get clusters': { flags: {}, run: getClusters },
  'get nodes': { flags: { name, 'all-clusters': { type: 'switch', short: 'A' } }, run: getNodes },
  'get kubeconfig': { flags: { name, internal: { type: 'switch' } }, run: getKubeconfig },
  'export kubeconfig': { flags: { name, kubeconfig, internal: { type: 'switch' } }, run: exportKubeconfig },
  'load docker-image': { flags: { name, nodes: { type: 'list' } }, run: loadImage },
  version: { flags: {}, run: () => print(`kind v${VERSION} (simulated) node ${platform()}/${arch()}`) },
}

/** The sandbox's name where none is given, as kind has it. */
function clusterName(line: CommandLine, config?: ClusterConfig): string {
  return line.value('name') ?? process.env.KIND_CLUSTER_NAME ?? config?.name ?? 'kind'
}

/** kind writes where kubectl reads. */
function kubeconfigFile(line: CommandLine, cluster: string): string {
  const own = `${clusterFolder(cluster)}/kubeconfig`
  return line.value('kubeconfig') ?? process.env.KUBECONFIG?.split(delimiter)[0] ?? own
}

async function createCluster(line: CommandLine): Promise<void> {
  try {
    await create(line)
  } catch (cause) {
    throw new Error(`failed to create cluster: ${(cause as Error).message}`, { cause })
  }
}

async function create(line: CommandLine): Promise<void> {
  const config = await readConfig(line.value('config'))
  const cluster = clusterName(line, config)
  const image = line.value('image') ?? config.image ?? DEFAULT_IMAGE
  const wait = duration(line.value('wait'))
  checkName(cluster)
  say('Simulated: this kind starts one process of Node, no containers.')
  for (const field of config.notSimulated) say(`Simulated: ${field} is accepted and has no effect.`)
  say(`Creating cluster "${cluster}" ...`)
  const step = (text: string) => {
    say(` • ${text}  ...`)
    return (mark: '✓' | '✗' = '✓') => say(` ${mark} ${text}`)
  }
  step(`Ensuring node image (${image.replace(/@sha256:.*/, '')}) 🖼`)()
  const done = step('Preparing nodes 📦 ')
  let settings: ClusterSettings
  try {
    settings = await prepare({ name: cluster, image, config })
    await startCluster(settings)
  } catch (error) {
    done('✗')
    say(`Deleted nodes: ["${nodeName(cluster)}"]`)
    throw dockerError(error, cluster)
  }
  done()
  for (const text of [
    'Writing configuration 📜',
    'Starting control-plane 🕹️',
    'Installing CNI 🔌',
    'Installing StorageClass 💾',
  ])
    step(text)()
  if (wait) {
    // The node is ready as soon as the process answers.
    step(`Waiting ≤ ${wait} for control-plane = Ready ⏳`)()
    say(' • Ready after 0s 💚')
  }
  addToKubeconfig(kubeconfigFile(line, cluster), settings)
  const explicit = line.value('kubeconfig')
  const context = contextName(cluster)
  say(`Set kubectl context to "${context}"`)
  say(
    `You can now use your cluster with:\n\nkubectl cluster-info --context ${context}${explicit ? ` --kubeconfig ${explicit}` : ''}`,
  )
  say('\nThanks for using kind! 😊')
}

async function readConfig(file: string | undefined): Promise<ClusterConfig> {
  if (file === undefined || file === '') return withoutConfig()
  if (file === '-') return parseClusterConfig(await readInput())
  try {
    return parseClusterConfig(readFileSync(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(`error reading file: open ${file}: no such file or directory`, { cause: error })
  }
}

/** Real kind would map no ports; the sandbox has a page's port all the same, the one that npm run sandbox was given. */
function withoutConfig(): ClusterConfig {
  const text = process.env.LAB_SANDBOX_PORT ?? String(DEFAULT_PORT)
  const hostPort = Number(text)
  if (!Number.isInteger(hostPort) || hostPort < 0 || hostPort > 65_535)
    throw new Error(`LAB_SANDBOX_PORT is no port: ${text}`)
  return {
    name: undefined,
    image: undefined,
    nodeLabels: {},
    ports: [{ hostPort, containerPort: 8080 }],
    apiPort: undefined,
    notSimulated: [],
  }
}

/** `60s`, `1m30s`: only shown; undefined where there is nothing to wait for. */
function duration(text: string | undefined): string | undefined {
  if (text === undefined || /^0[a-z]*$/.test(text)) return undefined
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text))
    throw new Error(`invalid argument "${text}" for "--wait" flag: time: invalid duration "${text}"`)
  return text
}

async function deleteCluster(line: CommandLine): Promise<void> {
  const cluster = clusterName(line)
  say(`Deleting cluster "${cluster}" ...`)
  await remove(cluster, line)
}

async function deleteClusters(line: CommandLine): Promise<void> {
  const names = line.isSet('all') ? clusterNames() : line.words
  if (!line.isSet('all') && names.length === 0) throw new Error('no cluster names provided')
  for (const cluster of names) await remove(cluster, line)
  say(`Deleted clusters: [${names.map((cluster) => JSON.stringify(cluster)).join(' ')}]`)
}

async function remove(cluster: string, line: CommandLine): Promise<void> {
  const isThere = clusterNames().includes(cluster)
  await stopProcess(clusterFolder(cluster))
  removeFromKubeconfig(kubeconfigFile(line, cluster), cluster)
  removeCluster(cluster)
  if (isThere) say(`Deleted nodes: ["${nodeName(cluster)}"]`)
}

function getClusters(): void {
  const names = clusterNames()
  if (names.length === 0) say('No kind clusters found.')
  for (const cluster of names) print(cluster)
}

function getNodes(line: CommandLine): void {
  const cluster = clusterName(line)
  const names = clusterNames().filter((other) => line.isSet('all-clusters') || other === cluster)
  if (names.length === 0)
    say(line.isSet('all-clusters') ? 'No kind nodes found.' : `No kind nodes found for cluster "${cluster}".`)
  for (const found of names) print(nodeName(found))
}

function existing(line: CommandLine): ClusterSettings {
  const cluster = clusterName(line)
  const settings = readSettings(cluster)
  if (!settings)
    throw new Error(
      `could not locate any control plane nodes for cluster named '${cluster}'. Use the --name option to select a different cluster`,
    )
  return settings
}

function getKubeconfig(line: CommandLine): void {
  print(stringify(kubeconfigOf(existing(line)), { lineWidth: 0, indentSeq: false }))
}

function exportKubeconfig(line: CommandLine): void {
  const settings = existing(line)
  addToKubeconfig(kubeconfigFile(line, settings.name), settings)
  say(`Set kubectl context to "${contextName(settings.name)}"`)
}

function loadImage(line: CommandLine): void {
  if (line.words.length === 0) throw new Error('a list of image names is required')
  existing(line)
  throw new Error(
    `the sandbox runs no images, so there is nowhere to load ${line.words.join(', ')}; which images it pretends to have is said in lib/sandbox/README.md`,
  )
}

const USAGE = `kind of the sandbox: simulated clusters on this machine, with the commands of kind v${VERSION}

Usage:
  kind create cluster [--name NAME] [--config FILE|-] [--image IMAGE] [--wait DURATION] [--kubeconfig FILE]
  kind delete cluster [--name NAME] [--kubeconfig FILE]
  kind delete clusters NAME ...|--all
  kind get clusters|nodes|kubeconfig
  kind export kubeconfig [--name NAME] [--kubeconfig FILE]
  kind version
`

await program('ERROR: ', async () => {
  const args = process.argv.slice(2)
  if (args[0] === '--version') {
    print(`kind version ${VERSION}`)
    return 0
  }
  const words = args.filter((arg) => !arg.startsWith('-'))
  const found = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) => candidate in commands)
  if (!found) return unknownCommand(words)
  const { flags, run } = commands[found] as Command
  const rest = withoutWords(args, found.split(' ').length)
  const line = parseFlags(rest, { ...common, ...flags })
  if (line.isSet('help')) print(USAGE)
  else await run(line)
  return 0
})

function withoutWords(args: readonly string[], count: number): string[] {
  let left = count
  return args.filter((arg) => arg.startsWith('-') || left-- <= 0)
}

function unknownCommand([first, second]: string[]): number {
  const known = Object.keys(commands).map((command) => command.split(' ')[0])
  if (first === undefined || first === 'help') {
    print(USAGE)
    return 0
  }
  if (!known.includes(first)) throw new Error(`unknown command "${first}" for "kind"`)
  if (second !== undefined)
    throw new Error(
      `unknown command "${second}" for "kind ${first}"; the sandbox's kind knows the commands of \`kind help\``,
    )
  throw new Failed(USAGE.trimEnd())
}
