import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { langOf, parseOptions } from '../lib/options.ts'
import { printFailure } from '../lib/print.ts'
import { runLesson } from '../lib/runner.ts'
import { lessonIn } from '../lib/words/lesson.ts'
import install from '../scripts/01-install.ts'
import deploy from '../scripts/02-deploy.ts'
import versionRoute from '../scripts/03-version-route.ts'
import userRoute from '../scripts/04-user-route.ts'
import { type Cluster, startCluster } from './support/cluster.ts'
import { gateway, reviewsRoute, to } from './support/objects.ts'
import { printedBy } from './support/output.ts'
import { suite } from './support/suite.ts'

const test = suite('runner')

const sections = {
  './scripts/01-install.ts': [install],
  './scripts/02-deploy.ts': [deploy],
  './scripts/03-version-route.ts': [versionRoute],
  './scripts/04-user-route.ts': [userRoute],
  './scripts/all.ts': [install, deploy, versionRoute, userRoute],
} as const

const cluster: Cluster = await startCluster()
// The runner works in this very process, in the lab of the test.
Object.assign(process.env, cluster.env)

const first = ['--target', 'kind', '--port', String(cluster.port)]

/** What a script does: its exit code, its words, and the commands it runs. */
async function run(name: string, ...argv: string[]) {
  const script = `./scripts/${name}` as keyof typeof sections
  const before = cluster.lines().length
  const words = await lessonIn(langOf(['--lang', 'en', ...argv]))
  const { result, stdout, stderr } = await printedBy(async () => {
    try {
      const options = parseOptions(script, '', ['--lang', 'en', ...argv], words.options)
      return options && (await runLesson({ script, sections: sections[script], options }))
    } catch (error) {
      return printFailure(error, argv.includes('--verbose'), words)
    }
  })
  return { code: result, stdout, stderr, lines: cluster.lines().slice(before) }
}

test.after.each(() => {
  cluster.instead = () => undefined
})
test.after(() => cluster.close())

test('a section that comes too early says which script comes first, and changes nothing', async () => {
  const { code, stderr, lines } = await run('02-deploy.ts', ...first)
  assert.is(code, 1)
  assert.match(stderr, '✘ there is no cluster here yet')
  assert.match(stderr, './scripts/01-install.ts')
  assert.equal(lines, [])
})

test('section 1 runs its commands as it shows them, proves each step, and ends with what to do next', async () => {
  const { code, stdout, stderr, lines } = await run('01-install.ts', ...first)
  assert.equal([code, stderr], [0, ''])
  assert.equal(lines, [
    'kind create cluster --config=-',
    'kubectl cluster-info',
    'istioctl install --set profile=demo -y',
    'kubectl label namespace default istio-injection=enabled',
    'kubectl get namespace default --show-labels',
    'kubectl patch deploy -n istio-system istio-ingressgateway -p {"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirstWithHostNet","hostNetwork":true}}}}',
    'kubectl get pods -n istio-system',
  ])
  const order = [
    'Section 1. A cluster with Istio',
    '▶ Create a Kubernetes cluster',
    "$ kind create cluster --config=- <<'EOF'",
    `hostPort: ${cluster.port}`,
    '✔ the API answers: Kubernetes v1.29.2',
    '▶ Install Istio',
    '✔ Istio 1.21.2 is installed',
    '✔ namespace default has the label istio-injection=enabled',
    '✔ one gateway pod, ready, on the network of the node',
    `http://localhost:${cluster.port}/productpage`,
    './scripts/02-deploy.ts',
    './scripts/clean-up.ts --all',
  ]
  let at = -1
  for (const text of order) {
    const next = stdout.indexOf(text, at + 1)
    assert.ok(next > at, `${text} comes in its turn`)
    at = next
  }
})

test('the scripts work on a kubeconfig of their own, which nobody else may read', () => {
  const file = join(cluster.home, 'kind-kind', 'kubeconfig')
  assert.is(statSync(file).mode & 0o777, 0o600)
  assert.not(existsSync(cluster.env.KUBECONFIG ?? ''))
})

test('a second run finds everything so already, and runs only what shows something', async () => {
  const { code, stdout, lines } = await run('01-install.ts')
  assert.is(code, 0)
  assert.equal(
    lines.filter((line) => !/^kubectl (get|cluster-info)/.test(line)),
    [],
  )
  assert.is(stdout.match(/Already so; nothing to do\./g)?.length, 4)
})

test('later sections go on with the cluster and the port of the first', async () => {
  const deploy = await run('02-deploy.ts')
  assert.is(deploy.code, 0, deploy.stderr)
  assert.match(deploy.stdout, /✔ all three versions are seen \(v1 x\d+, v2 x\d+, v3 x\d+\)/)
  const versions = await run('03-version-route.ts')
  assert.is(versions.code, 0, versions.stderr)
  assert.match(versions.stdout, '✔ only v1, no stars  (50 visits each)'.replace('  ', ' '))
  assert.match(versions.stdout, '✔ only v3, red stars (50 visits each)')
})

test('--check of section 3 proves its end and changes nothing', async () => {
  const { code, stdout, lines } = await run('03-version-route.ts', '--check')
  assert.equal([code, lines], [0, []])
  assert.match(stdout, '✔ only v3, red stars')
  assert.match(stdout, 'Checked; nothing was changed.')
})

test('--check of one step proves that step, which by now is not so', async () => {
  const { code, stderr, lines } = await run('03-version-route.ts', '--check', '--only', 'all-v1')
  assert.equal([code, lines], [1, []])
  assert.match(stderr, '✘ expected only v1, no stars')
  assert.match(stderr, 'anonymous: v3 x50; jason: v3 x50')
  assert.match(stderr, 'VirtualService reviews sends everyone to v3; expected everyone to v1')
  assert.match(stderr, './scripts/03-version-route.ts --only all-v1')
})

test('--quiet says only results', async () => {
  const { code, stdout } = await run('04-user-route.ts', '--quiet')
  assert.is(code, 0)
  const said = stdout.split('\n').filter(Boolean)
  assert.match(said[0] ?? '', /^ {2}✔ jason sees v2, black stars/)
  assert.not.match(stdout, /▶|\$ kubectl/)
})

test('section 2 run again takes away the route of a later section, and says so', async () => {
  const { code, stdout, lines } = await run('02-deploy.ts')
  assert.is(code, 0)
  assert.match(stdout, 'In the way, taken away first: reviews: decides where reviews leads')
  assert.ok(lines.includes('kubectl delete -f manifests/virtual-service-all-v1.yaml --ignore-not-found'))
})

test('a route that never takes effect is a failure with its cause', async () => {
  const applied = await run('03-version-route.ts', '--quiet', '--only', 'all-v1')
  assert.is(applied.code, 0, applied.stderr)
  // The command succeeds, and the rule is another.
  cluster.instead = (line) => (line.startsWith('kubectl patch vs') ? { stdout: 'patched\n' } : undefined)
  const { code, stderr } = await run('03-version-route.ts', '--only', 'reviews-v3', '--timeout', '3s')
  assert.is(code, 1)
  assert.match(stderr, '✘ the route never took effect: expected only v3, red stars within 3 s')
  assert.match(stderr, 'VirtualService reviews sends everyone to v1; expected everyone to v3')
})

test('a command that fails is shown with what it said', async () => {
  cluster.instead = (line) =>
    line.startsWith('kubectl apply') ? { code: 1, stderr: 'error: the path does not exist\n' } : undefined
  const { code, stderr } = await run('04-user-route.ts')
  assert.is(code, 1)
  assert.match(stderr, '`kubectl apply -f manifests/virtual-service-reviews-test-v2.yaml` failed with exit code 1')
  assert.match(stderr, 'error: the path does not exist')
  assert.not.match(stderr, /^ {4}at /m, 'no stack')
})

test('--verbose shows what is waited for, and the stack of a failure', async () => {
  cluster.instead = (line) => (line.startsWith('kubectl apply') ? { code: 1 } : undefined)
  const { stderr } = await run('04-user-route.ts', '--verbose')
  assert.match(stderr, /\n {4}at /)
  cluster.instead = () => undefined
  const { stdout } = await run('02-deploy.ts', '--verbose', '--only', 'bookinfo')
  assert.match(stdout, '… waiting for available: details-v1')
})

test('a wait in vain, where nothing is known to be wrong, is mended by more time', async () => {
  cluster.instead = (line) =>
    line.startsWith('kubectl apply -f manifests/bookinfo-gateway') ? { stdout: 'unchanged\n' } : undefined
  cluster.api.remove(gateway('bookinfo-gateway', 8080))
  const { code, stderr } = await run('02-deploy.ts', '--only', 'gateway', '--timeout', '1s')
  cluster.api.put(gateway('bookinfo-gateway', 8080))
  assert.is(code, 1)
  assert.match(stderr, '✘ waited 1 s, in vain: the Gateway bookinfo-gateway is there')
  assert.match(stderr, 'mend  ./scripts/02-deploy.ts --from gateway --timeout 30m')
})

test('a step whose needs are not met names the script that comes first', async () => {
  cluster.api.fault = ({ path, verb }) => (verb === 'list' && path.includes('destinationrules') ? 404 : undefined)
  const { code, stderr } = await run('04-user-route.ts')
  cluster.api.fault = () => undefined
  assert.is(code, 1)
  assert.match(stderr, '✘ something comes first: destination rules with the subsets of reviews')
  assert.match(stderr, './scripts/03-version-route.ts')
})

test('the whole lesson in Russian is Russian', async () => {
  const { code, stdout, stderr } = await run('all.ts', '--lang', 'ru')
  assert.equal([code, stderr], [0, ''])
  for (const text of [
    'Урок по Istio',
    'Раздел 1. Кластер с Istio',
    'Уже так; делать нечего.',
    '✔ jason видит v2, чёрные звёзды',
    'Страница',
  ])
    assert.match(stdout, text)
  assert.not.match(stdout, /Section|Already|In the way|Next/)
})

test('--check in a context proves the last step that is not left out there', async () => {
  const kubeconfig = readFileSync(join(cluster.home, 'kind-kind', 'kubeconfig'), 'utf8')
  const answers: [RegExp, string][] = [
    [/^kubectl config view/, kubeconfig],
    [/^kubectl .*port-forward/, 'Forwarding from 127.0.0.1:40123 -> 8080\n'],
  ]
  cluster.instead = (line) => {
    const [, stdout] = answers.find(([pattern]) => pattern.test(line)) ?? []
    return stdout === undefined ? undefined : { stdout }
  }
  const section = await run('01-install.ts', '--context', 'class', '--check')
  assert.is(section.code, 0, section.stderr)
  assert.match(section.stdout, '✔ namespace default has the label istio-injection=enabled')
  const { code, stdout } = await run('01-install.ts', '--context', 'class', '--check', '--only', 'way-in')
  assert.is(code, 0)
  assert.match(stdout, 'Left out: the page comes through a port-forward')
})

const steps = ['cluster istio sidecars way-in', 'bookinfo gateway', 'destination-rules all-v1 reviews-v3', 'jason']
  .join(' ')
  .split(' ')

test('--list names every step with its script, and runs nothing', async () => {
  const { code, stdout, lines } = await run('all.ts', '--list')
  assert.equal([code, lines], [0, []])
  assert.equal(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]),
    steps,
  )
  assert.match(stdout, 'Send everyone to reviews v3  (./scripts/03-version-route.ts)')
})

test('--from begins with its step', async () => {
  const { stdout } = await run('all.ts', '--list', '--from', 'all-v1')
  assert.equal(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]),
    ['all-v1', 'reviews-v3', 'jason'],
  )
})

for (const option of ['--from', '--only'])
  test(`${option} with a step that is not there is wrong usage, and names those that are`, async () => {
    const { code, stderr, lines } = await run('03-version-route.ts', option, 'jason')
    assert.equal([code, lines], [2, []])
    assert.match(stderr, '✘ there is no step "jason" here')
    assert.match(stderr, 'one of destination-rules, all-v1, reviews-v3')
  })

test('another run at work in the lab is named, and not disturbed', async () => {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const begun = new Promise<void>((begin) => {
    cluster.instead = async (line) => {
      if (!line.startsWith('kubectl apply')) return undefined as never
      begin()
      await held
      return { stdout: 'configured\n' }
    }
  })
  const other = cluster.script('04-user-route.ts', '--lang', 'en')
  await begun
  const { code, stderr, lines } = await run('03-version-route.ts')
  release()
  assert.is((await other).code, 0)
  assert.is(code, 1)
  assert.match(stderr, '✘ another run is at work in this lab')
  assert.match(stderr, /process \d+: \.\/scripts\/04-user-route\.ts --lang en/)
  assert.equal(lines, [])
})

test('a cluster that an earlier run was stopped in making is taken away and made again', async () => {
  const file = join(cluster.home, 'labs', 'kind-kind.json')
  const record = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...record, made: { ...record.made, cluster: 'begun' } }))
  const { code, stdout, lines } = await run('01-install.ts', '--only', 'cluster')
  assert.is(code, 0)
  assert.match(stdout, 'taken away first: an earlier run was stopped while it made this cluster')
  assert.equal(lines.slice(0, 2), ['kind delete cluster', 'kind create cluster --config=-'])
  assert.is(JSON.parse(readFileSync(file, 'utf8')).made.cluster, 'done')
})

test('a rule of somebody else for reviews fails the proof and is named', async () => {
  assert.is((await run('all.ts', ...first, '--quiet')).code, 0)
  const mine = reviewsRoute(to('v2'))
  cluster.api.put({ ...mine, metadata: { name: 'mine', namespace: 'default' } })
  cluster.instead = (line) => (line.startsWith('kubectl apply') ? { stdout: 'unchanged\n' } : undefined)
  const { code, stderr } = await run('03-version-route.ts', '--only', 'all-v1', '--timeout', '3s')
  assert.is(code, 1)
  assert.match(stderr, /several VirtualServices name the host reviews, of which Istio takes the oldest: reviews, mine/)
})

test.run()
