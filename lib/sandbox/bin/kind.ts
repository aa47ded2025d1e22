/** The sandbox's kind: makes, lists and removes simulated clusters, with the words of kind 0.22.0. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { stringify } from 'yaml'
import { type Command, execute } from '../cli/commands.ts'
import type { CommandLine, Flags } from '../cli/flags.ts'
import { program, readInput } from '../cli/program.ts'
import { type ClusterConfig, parseClusterConfig } from '../cluster/config.ts'
import { checkName, dockerError, prepare, startCluster } from '../cluster/create.ts'
import { addToKubeconfig, contextName, kubeconfigOf, removeFromKubeconfig } from '../cluster/kubeconfig.ts'
import { nodeName } from '../cluster/node.ts'
import { stopProcess } from '../cluster/process.ts'
import {
  type ClusterSettings,
  clusterFolder,
  clusterNames,
  isClusterName,
  readSettings,
  removeCluster,
} from '../cluster/settings.ts'

const VERSION = '0.22.0'
const DEFAULT_IMAGE = 'kindest/node:v1.29.2'
const DEFAULT_PORT = 8080

const print = (text: string) => console.log(text)
const say = (text: string) => console.error(text)

const name = { type: 'value', short: 'n', about: 'the cluster context name (default "kind")' } as const
const kubeconfig = {
  type: 'value',
  about: 'sets kubeconfig path instead of $KUBECONFIG or $HOME/.kube/config',
} as const
const internal = { type: 'switch', about: 'use internal address instead of external' } as const

const shared: Flags = {
  loglevel: { type: 'value', about: 'DEPRECATED: see -v instead' },
  quiet: { type: 'switch', short: 'q', about: 'silence all stderr output' },
  verbosity: {
    type: 'value',
    short: 'v',
    value: 'int32',
    about: 'info log verbosity, higher value produces more output',
  },
}

/** The commands of kind 0.22.0, with its words. */
const kind: Command = {
  use: 'kind',
  short: "kind creates and manages local Kubernetes clusters using Docker container 'nodes'",
  flags: { version: { type: 'switch', about: 'version for kind' } },
  commands: [
    {
      use: 'build',
      short: 'Build one of [node-image]',
      commands: [
        { use: 'node-image [kubernetes-source]', short: 'Build the node image', takesWords: true, run: buildImage },
      ],
    },
    {
      use: 'completion',
      short: 'Output shell completion code for the specified shell (bash, zsh or fish)',
      takesWords: true,
      run: () => {
        throw new Error("the sandbox's kind completes no commands")
      },
    },
    {
      use: 'create',
      short: 'Creates one of [cluster]',
      long: 'Creates one of local Kubernetes cluster (cluster)',
      commands: [
        {
          use: 'cluster',
          short: 'Creates a local Kubernetes cluster',
          long: "Creates a local Kubernetes cluster using Docker container 'nodes'",
          flags: {
            config: { type: 'value', about: 'path to a kind config file' },
            image: { type: 'value', about: 'node docker image to use for booting the cluster' },
            kubeconfig,
            name: { ...name, about: 'cluster name, overrides KIND_CLUSTER_NAME, config (default kind)' },
            retain: { type: 'switch', about: 'retain nodes for debugging when cluster creation fails' },
            wait: {
              type: 'value',
              value: 'duration',
              about: 'wait for control plane node to be ready (default 0s)',
            },
          },
          run: createCluster,
        },
      ],
    },
    {
      use: 'delete',
      short: 'Deletes one of [cluster]',
      commands: [
        {
          use: 'cluster',
          short: 'Deletes a cluster',
          long: 'Deletes a resource',
          flags: { kubeconfig, name: { ...name, about: 'the cluster name (default "kind")' } },
          run: deleteCluster,
        },
        {
          use: 'clusters',
          short: 'Deletes one or more clusters',
          flags: { kubeconfig, all: { type: 'switch', short: 'A', about: 'delete all clusters' } },
          takesWords: true,
          run: deleteClusters,
        },
      ],
    },
    {
      use: 'export',
      short: 'Exports one of [kubeconfig, logs]',
      commands: [
        {
          use: 'kubeconfig',
          short: 'Exports cluster kubeconfig',
          flags: { name, kubeconfig, internal },
          run: exportKubeconfig,
        },
        {
          use: 'logs [output-dir]',
          short: 'Exports logs to a tempdir or [output-dir] if specified',
          flags: { name },
          takesWords: true,
          run: exportLogs,
        },
      ],
    },
    {
      use: 'get',
      short: 'Gets one of [clusters, nodes, kubeconfig]',
      commands: [
        { use: 'clusters', short: 'Lists existing kind clusters by their name', run: getClusters },
        { use: 'kubeconfig', short: 'Prints cluster kubeconfig', flags: { name, internal }, run: getKubeconfig },
        {
          use: 'nodes',
          short: 'Lists existing kind nodes by their name',
          flags: {
            name,
            'all-clusters': {
              type: 'switch',
              short: 'A',
              about:
                'If present, list all the available nodes across all cluster contexts. Current context is ignored even if specified with --name.',
            },
          },
          run: getNodes,
        },
      ],
    },
    { use: 'help', short: 'Help about any command' },
    {
      use: 'load',
      short: 'Loads images into nodes',
      long: 'Loads images into node from an archive or image on host',
      commands: [
        {
          use: 'docker-image <IMAGE> [IMAGE...]',
          short: 'Loads docker images from host into nodes',
          long: 'Loads docker images from host into all or specified nodes by name',
          flags: { name, nodes: { type: 'list', about: 'comma separated list of nodes to load images into' } },
          takesWords: true,
          run: loadImage,
        },
        {
          use: 'image-archive <IMAGE.tar>',
          short: 'Loads docker image from archive into nodes',
          long: 'Loads docker image from archive into all or specified nodes by name',
          flags: { name, nodes: { type: 'list', about: 'comma separated list of nodes to load images into' } },
          takesWords: true,
          run: loadArchive,
        },
      ],
    },
    { use: 'version', short: 'Prints the kind CLI version', run: version },
  ],
}

function version(line: CommandLine): void {
  const architecture = { x64: 'amd64' }[arch() as string] ?? arch()
  print(line.isSet('quiet') ? VERSION : `kind v${VERSION} (simulated) node ${platform()}/${architecture}`)
}

/** The sandbox's name where none is given, as kind has it. */
function clusterName(line: CommandLine, config?: ClusterConfig): string {
  return (line.value('name') || process.env.KIND_CLUSTER_NAME) ?? config?.name ?? 'kind'
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
  const wait = line.value('wait') ?? '0s'
  checkName(cluster)
  say('Simulated: this kind starts one process of Node, no containers.')
  for (const field of config.notSimulated) say(`Simulated: ${field} is accepted and has no effect.`)
  if (!image.startsWith(DEFAULT_IMAGE))
    say(`Simulated: the image is accepted and has no effect; Kubernetes is that of ${DEFAULT_IMAGE}.`)
  say(`Creating cluster "${cluster}" ...`)
  const step = (text: string) => {
    say(` • ${text}  ...`)
    return (mark: '✓' | '✗' = '✓') => say(` ${mark} ${text}`)
  }
  const pulled = step(`Ensuring node image (${image.replace(/@sha256:.*/, '')}) 🖼`)
  if (!nodeImage.test(image)) {
    pulled('✗')
    throw new Error(pullError(image))
  }
  pulled()
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
  if (!/^-|^[0.]+[a-zµ]*$/.test(wait)) {
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

/** kind's own images, of any version. */
const nodeImage = /^(docker\.io\/)?kindest\/node:v1\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/

/** What kind prints when docker has no such image. */
function pullError(image: string): string {
  return (
    `failed to pull image "${image}": command "docker pull ${image}" failed with error: exit status 1\n` +
    `Command Output: Error response from daemon: pull access denied for ${image.replace(/[:@].*/, '')}, repository does not exist or may require 'docker login'`
  )
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
  // Nothing can be there, and kind calls that no mistake.
  if (!isClusterName(cluster)) return
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

/** What the sandbox has to tell of itself stands where kind puts the logs of containers. */
function exportLogs(line: CommandLine): void {
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

function loadImage(line: CommandLine): void {
  if (line.words.length === 0) throw new Error('a list of image names is required')
  refuseToLoad(line)
}

function loadArchive(line: CommandLine): void {
  if (line.words.length === 0) throw new Error('a path to an image archive is required')
  refuseToLoad(line)
}

function refuseToLoad(line: CommandLine): void {
  const cluster = clusterName(line)
  if (!readSettings(cluster)) throw new Error(`no nodes found for cluster ${JSON.stringify(cluster)}`)
  throw new Error(
    `the sandbox runs no images, so there is nowhere to load ${line.words.join(', ')}; which images it pretends to have is said in lib/sandbox/README.md`,
  )
}

function buildImage(): void {
  throw new Error('the sandbox runs no images, so there is none to build')
}

await program('ERROR: ', async () => {
  const args = process.argv.slice(2)
  if (args.includes('-q') || args.includes('--quiet')) process.stderr.write = () => true
  if (args[0] === '--version') print(`kind version ${VERSION}`)
  else await execute(kind, shared, args, print)
  return 0
})
