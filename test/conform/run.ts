/**
 * Types the same commands at a real cluster and at a sandbox, and counts where they answer the same:
 * `npm run conform -- --kubeconfig FILE --page http://localhost:PORT`, with Istio 1.21.2 and the lesson's end state on
 * the real cluster. Then the same routing rules are put into both, and the same visits paid.
 * Namespaces of this run's own are made there, and taken away again. The table goes into lib/sandbox/README.md.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { projectFolder } from '../../lib/state.ts'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { commandGroups } from './commands.ts'
import { normal } from './normal.ts'
import { refusals } from './refusals.ts'
import { trafficCases } from './traffic.ts'
import { type Cluster, compareTraffic } from './visit.ts'

/** For one command; kubectl waits up to a minute by itself. */
const COMMAND_LIMIT_MS = 120_000

interface Output {
  code: number | null
  text: string
}

function typed(command: string, env: NodeJS.ProcessEnv): Promise<Output> {
  const child = spawn('bash', ['-c', command], {
    cwd: projectFolder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_LIMIT_MS,
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (data) => (text += data))
  child.stderr.setEncoding('utf8').on('data', (data) => (text += data))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, text })))
}

const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    page: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
})
if (!values.kubeconfig || !values.page) {
  console.error('Name a real cluster: npm run conform -- --kubeconfig FILE --page http://localhost:PORT')
  process.exit(2)
}

/** The lesson's own patch, so that both clusters have had the same changes. */
const onlyV3 = { spec: { http: [{ route: [{ destination: { host: 'reviews', subset: 'v3' } }] }] } }
const NS = `conform-${process.pid}`
const lab = await sandboxLab()
const shared = { ...process.env, NS, TERM: 'dumb' }
const real = { ...shared, KUBECONFIG: values.kubeconfig }
const simulated = { ...shared, KUBECONFIG: join(lab.home, 'sandbox', lab.name, 'kubeconfig') }
const rows: string[] = []
let [agreed, total] = [0, 0]

try {
  await lab.prepare('destination-rule-all.yaml', 'virtual-service-all-v1.yaml')
  await lab.type(`kubectl patch vs reviews --type merge -p '${JSON.stringify(onlyV3)}'
    kubectl apply -f manifests/virtual-service-reviews-test-v2.yaml`)
  for (const env of [real, simulated]) await typed('kubectl create namespace $NS', env)
  for (const { title, commands } of [...commandGroups, ...refusals].filter(
    (group) => !values.only || group.title.includes(values.only),
  )) {
    let same = 0
    for (const command of commands) {
      const [expected, found] = await Promise.all([typed(command, real), typed(command, simulated)])
      if (expected.code === found.code && normal(expected.text) === normal(found.text)) same++
      else report(command, expected, found)
    }
    count(title, commands.length, same)
  }
  const traffics = trafficCases.filter(({ title }) => !values.only || `traffic: ${title}`.includes(values.only))
  if (traffics.length > 0) {
    let same = 0
    const [realSide, sandbox] = [real, simulated].map(({ KUBECONFIG }, index) => ({
      kubeconfig: KUBECONFIG,
      page: index === 0 ? (values.page as string) : `http://localhost:${lab.port}`,
    })) as [Cluster, Cluster]
    await compareTraffic([realSide, sandbox], traffics, ({ title }, why) => {
      if (why === undefined) same++
      else console.log(`\nDIFFERS traffic: ${title}${values.verbose ? `\n${why}` : ''}`)
    })
    count('traffic', traffics.length, same)
  }
} finally {
  await Promise.all([real, simulated].map((env) => typed('kubectl delete namespace $NS --wait=false', env)))
  await lab.close()
}
console.log(`${agreed} of ${total} agree`)
if (!values.only) writeTable()

function count(title: string, all: number, same: number): void {
  agreed += same
  total += all
  rows.push(`| ${title} | ${all} | ${same} |`)
  console.log(`${title}: ${same} of ${all} agree`)
}

function report(command: string, expected: Output, found: Output): void {
  console.log(`\nDIFFERS $ ${command}`)
  if (!values.verbose) return
  const [a, b] = [normal(expected.text).split('\n'), normal(found.text).split('\n')]
  if (expected.code !== found.code) console.log(`  exit code: real ${expected.code}, sandbox ${found.code}`)
  for (const line of a.filter((text) => !b.includes(text)).slice(0, 20)) console.log(`  real    ${line}`)
  for (const line of b.filter((text) => !a.includes(text)).slice(0, 20)) console.log(`  sandbox ${line}`)
}

function writeTable(): void {
  const path = join(projectFolder, 'lib', 'sandbox', 'README.md')
  const table = ['| about | cases | agree |', '|---|---|---|', ...rows, `| all | ${total} | ${agreed} |`].join('\n')
  const marked = /(<!-- conform -->\n)[\s\S]*?(\n<!-- \/conform -->)/
  writeFileSync(path, readFileSync(path, 'utf8').replace(marked, `$1${table}$2`))
}
