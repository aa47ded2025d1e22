/** `kind create cluster`: the steps of kind, of which one starts the process that is the cluster. */
import { readFileSync } from 'node:fs'
import type { CommandLine } from '../cli/flags.ts'
import { readInput } from '../cli/program.ts'
import { type ClusterConfig, parseClusterConfig } from '../cluster/config.ts'
import { checkName, dockerError, prepare, startCluster } from '../cluster/create.ts'
import { addToKubeconfig, contextName } from '../cluster/kubeconfig.ts'
import { nodeName } from '../cluster/node.ts'
import type { ClusterSettings } from '../cluster/settings.ts'
import { clusterName, kubeconfigFile, say } from './line.ts'

const DEFAULT_IMAGE = 'kindest/node:v1.29.2'
const DEFAULT_PORT = 8080

/** @throws Error in the words of kind; then nothing of the cluster is left */
export async function createCluster(line: CommandLine): Promise<void> {
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
