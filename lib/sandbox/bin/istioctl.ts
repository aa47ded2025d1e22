/** The sandbox's istioctl: what the lesson needs of it, with the words of istioctl 1.21.2. */
import { stringify } from 'yaml'
import { ApiError, type Client, connect } from '../cli/client.ts'
import { type CommandLine, type Flags, parseFlags } from '../cli/flags.ts'
import { Failed, program, readInput } from '../cli/program.ts'
import type { Finding, Mesh } from '../istioctl/analysis/finding.ts'
import { analyze, codes } from '../istioctl/analyze.ts'
import { componentTitles, install } from '../istioctl/install.ts'
import { ISTIO_VERSION, SYSTEM_NAMESPACE } from '../istioctl/istio.ts'
import { meshOf, proxyStatus, versionLines } from '../istioctl/proxies.ts'
import type { KubeObject } from '../objects.ts'

const INSTALL_LIMIT_MS = 300_000

interface Command {
  flags: Flags
  run: (line: CommandLine) => Promise<number | undefined>
}

const common: Flags = {
  kubeconfig: { type: 'value', short: 'c' },
  context: { type: 'value' },
  namespace: { type: 'value', short: 'n' },
  istioNamespace: { type: 'value', short: 'i' },
  help: { type: 'switch', short: 'h' },
}

const commands: Readonly<Record<string, Command>> = {
  install: {
    flags: {
      set: { type: 'list', short: 's' },
      'skip-confirmation': { type: 'switch', short: 'y' },
      force: { type: 'switch' },
      verify: { type: 'switch' },
      'readiness-timeout': { type: 'value' },
    },
    run: runInstall,
  },
  version: {
    flags: {
      remote: { type: 'switch' },
      short: { type: 'switch', short: 's' },
      output: { type: 'value', short: 'o' },
    },
    run: runVersion,
  },
  'proxy-status': { flags: {}, run: runProxyStatus },
  analyze: {
    flags: { 'all-namespaces': { type: 'switch', short: 'A' }, output: { type: 'value', short: 'o' } },
    run: runAnalyze,
  },
}
const aliases: Readonly<Record<string, string>> = { ps: 'proxy-status', apply: 'install' }

const USAGE = `istioctl of the sandbox: simulated, with the words of istioctl ${ISTIO_VERSION}

Usage:
  istioctl install --set profile=demo|default|minimal [-y]
  istioctl version [--remote=false] [--short=false]
  istioctl proxy-status
  istioctl analyze [-n NAMESPACE|-A] [-o json|yaml]
                                          looks for ${codes.join(', ')} only

Everything else needs the real istioctl: https://istio.io/latest/docs/setup/getting-started/
`

function clientOf(line: CommandLine) {
  return connect({ kubeconfig: line.value('kubeconfig'), context: line.value('context') })
}

async function runInstall(line: CommandLine): Promise<number | undefined> {
  const profile = profileOf(line.values('set'))
  const titles = componentTitles(profile)
  const client = clientOf(line)
  try {
    console.error('Simulated: this istioctl installs into the sandbox, whose Istio is a stand-in.')
    console.log(
      'WARNING: Istio 1.21.0 may be out of support (EOL) already: see https://istio.io/latest/docs/releases/supported-releases/ for supported releases',
    )
    if (!line.isSet('skip-confirmation')) {
      process.stdout.write(
        `This will install the Istio ${ISTIO_VERSION} "${profile}" profile (with components: ${titles}) into the cluster. Proceed? (y/N) `,
      )
      if (!/^y(es)?$/i.test((await readLine()).trim())) throw new Failed('Cancelled.')
    }
    console.error('')
    const limitMs = seconds(line.value('readiness-timeout')) ?? INSTALL_LIMIT_MS
    await install(client, { profile, limitMs, say: (text) => console.error(text) })
    // Off a terminal istioctl leaves the line's end out.
    process.stderr.write(`✔ Installation complete${process.stderr.isTTY ? '\n' : ''}`)
    console.error('Made this installation the default for injection and validation.')
    return 0
  } finally {
    client.close()
  }
}

function profileOf(settings: readonly string[]): string {
  for (const setting of settings)
    if (!setting.startsWith('profile='))
      throw new Error(
        `--set ${setting}: the sandbox's istioctl takes profile=NAME only; its Istio has no other settings`,
      )
  return settings.at(-1)?.slice('profile='.length) ?? 'default'
}

async function readLine(): Promise<string> {
  if (!process.stdin.isTTY) return (await readInput()).split('\n')[0] ?? ''
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
  }
}

/** `5m0s`, `90s` in milliseconds. */
function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (!match || text === '')
    throw new Error(`invalid argument "${text}" for "--readiness-timeout" flag: time: invalid duration "${text}"`)
  const [hours = 0, minutes = 0, rest = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return ((hours * 60 + minutes) * 60 + rest) * 1000
}

async function runVersion(line: CommandLine): Promise<number | undefined> {
  if (line.value('output')) throw new Error("the sandbox's istioctl prints its version as text only")
  if (line.value('remote') === 'false') {
    console.log(ISTIO_VERSION)
    return 0
  }
  const client = clientOf(line)
  try {
    const mesh = await meshOf(client)
    if (mesh.istiod.length === 0) {
      console.error(`no ready Istio pods in "${SYSTEM_NAMESPACE}"`)
      console.log(ISTIO_VERSION)
      return 0
    }
    for (const text of [`client version: ${ISTIO_VERSION}`, ...versionLines(mesh)]) console.log(text)
    return 0
  } finally {
    client.close()
  }
}

async function runProxyStatus(line: CommandLine): Promise<number | undefined> {
  const client = clientOf(line)
  try {
    for (const text of proxyStatus(await meshOf(client))) console.log(text)
    return 0
  } finally {
    client.close()
  }
}

const meshPaths: Readonly<Record<keyof Mesh, string>> = {
  namespaces: '/api/v1/namespaces',
  pods: '/api/v1/pods',
  services: '/api/v1/services',
  secrets: '/api/v1/secrets',
  virtualServices: '/apis/networking.istio.io/v1beta1/virtualservices',
  destinationRules: '/apis/networking.istio.io/v1beta1/destinationrules',
  gateways: '/apis/networking.istio.io/v1beta1/gateways',
  serviceEntries: '/apis/networking.istio.io/v1beta1/serviceentries',
}

/** istioctl's exit code where it has found an error. */
const FOUND = 79

const MISUSED = 64

const formats: Readonly<Record<string, (findings: readonly Finding[]) => void>> = {
  log: (findings) => {
    for (const { level, code, about, text } of findings) console.log(`${level} [${code}] (${about}) ${text}`)
  },
  json: (findings) => console.log(JSON.stringify(findings.map(messageOf), undefined, '\t')),
  yaml: (findings) => console.log(stringify(findings.map(messageOf))),
}

/** As istioctl writes it for programs. */
function messageOf({ level, code, about, text }: Finding) {
  const documentationUrl = `https://istio.io/v1.21/docs/reference/config/analysis/${code.toLowerCase()}/?ref=istioctl-analyze`
  return { code, documentationUrl, level, message: text, origin: about }
}

async function runAnalyze(line: CommandLine): Promise<number | undefined> {
  if (line.words.length > 0) throw new Error("the sandbox's istioctl analyzes the cluster only, not files")
  const format = line.value('output') ?? 'log'
  const write = formats[format]
  if (!write) {
    console.error(`Error: ${format} not a valid option for format. See istioctl analyze --help`)
    return MISUSED
  }
  const client = clientOf(line)
  try {
    const namespace = line.isSet('all-namespaces') ? undefined : (line.value('namespace') ?? client.namespace)
    const listed = Object.entries(meshPaths).map(async ([name, path]) => [name, await listOf(client, path)])
    const mesh = Object.fromEntries(await Promise.all(listed)) as Mesh
    if (namespace !== undefined && !mesh.namespaces.some(({ metadata }) => metadata.name === namespace)) {
      console.error(`namespace "${namespace}" not found`)
      return 0
    }
    const findings = analyze(mesh, namespace)
    const where = namespace === undefined ? 'all namespaces' : `namespace: ${namespace}`
    write(findings)
    if (findings.length === 0) console.error(`✔ No validation issues found when analyzing ${where}.`)
    console.error(`Simulated: this istioctl looks for ${codes.join(', ')} only.`)
    if (format !== 'log' || findings.every(({ level }) => level !== 'Error')) return 0
    console.error(
      `Error: Analyzers found issues when analyzing ${where}.\nSee https://istio.io/v1.21/docs/reference/config/analysis for more information about causes and resolutions.`,
    )
    return FOUND
  } finally {
    client.close()
  }
}

/** None where Istio is not installed. */
async function listOf(client: Client, path: string): Promise<KubeObject[]> {
  try {
    const { items, kind } = await client.send({ path })
    return (items as KubeObject[]).map((item) => ({ ...item, kind: kind.replace(/List$/, '') }))
  } catch (error) {
    if (error instanceof ApiError && error.status.code === 404) return []
    throw error
  }
}

await program('Error: ', async () => {
  const args = process.argv.slice(2)
  const index = args.findIndex((arg) => !arg.startsWith('-'))
  const word = args[index]
  if (word === undefined || word === 'help') {
    console.log(USAGE)
    return 0
  }
  const command = commands[aliases[word] ?? word]
  if (!command)
    throw new Error(
      `unknown command "${word}" for the sandbox's istioctl, which has ${Object.keys(commands).join(', ')}; for others take the real one`,
    )
  const line = parseFlags(
    args.filter((_, position) => position !== index),
    { ...common, ...command.flags },
  )
  if (line.isSet('help')) {
    console.log(USAGE)
    return 0
  }
  return command.run(line)
})
