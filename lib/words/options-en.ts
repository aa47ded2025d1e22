/** What `--help` says of each option, and what is wrong with those that do not fit together; in English. */
export const options = {
  usage: 'Usage:',
  title: 'Options:',
  choices: (choices: readonly string[]) => `one of ${choices.join(', ')}`,
  byDefault: (value: string) => `by default ${value}`,
  fromEnvironment: (variable: string) => `also as ${variable}`,
  help: 'show this help',

  target: 'where the lesson runs',
  context: 'an existing cluster, by its name in your kubeconfig',
  name: 'name of the kind cluster or the sandbox',
  port: 'port of the page on this machine',
  lang: 'language',
  verbose: 'show stacks and what is waited for',
  quiet: 'only results and failures',

  nodeImage: 'image of the kind node',
  list: 'list the steps',
  from: 'begin with this step',
  only: 'just this step',
  print: 'write the commands as a shell script instead of running them',
  check: 'only prove that the end of the section (or the step of --only) holds; change nothing',
  noPrefetch: 'do not pull images in the background',
  timeout: 'limit of each wait: 90s, 5m, or seconds',

  doctor: 'Is this machine ready?',
  fix: 'download kind, kubectl and istioctl into .lab/bin',
  mirror: "download from here, each file below its host's name",

  cleanUp: 'Take away what the lesson has made',
  all: 'what section 1 made, too: the cluster',
  commandLimit: 'limit of each command',

  sandbox: 'Run a command inside of the sandbox, which is simulated: no Docker, no real Istio',
  arguments: 'Arguments:',
  command: 'the command and its arguments (by default bash)',
  portOfSandbox: 'port of the page, where its configuration names none',

  exclude: (one: string, other: string) => `${one} and ${other} exclude each other`,
  needsContext: '--target context needs the cluster: --context NAME',
  notForContext: '--name and --port are for kind and the sandbox, not for --context',
}

export type OptionWords = typeof options
