/** The sandbox's kind: makes, lists and removes simulated clusters, with the words of kind 0.22.0. */
import { arch, platform } from 'node:os'
import { type Command, execute } from '../cli/commands.ts'
import type { CommandLine, Flags } from '../cli/flags.ts'
import { program } from '../cli/program.ts'
import { createCluster } from '../kind/create.ts'
import { deleteCluster, deleteClusters } from '../kind/delete.ts'
import { buildImage, loadArchive, loadImage } from '../kind/images.ts'
import { print, VERSION } from '../kind/line.ts'
import { exportKubeconfig, exportLogs, getClusters, getKubeconfig, getNodes } from '../kind/show.ts'

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

await program('ERROR: ', async () => {
  const args = process.argv.slice(2)
  if (args.includes('-q') || args.includes('--quiet')) process.stderr.write = () => true
  if (args[0] === '--version') print(`kind version ${VERSION}`)
  else await execute(kind, shared, args, print)
  return 0
})
