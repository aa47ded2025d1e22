import * as assert from 'uvu/assert'
import { codes } from '../../../lib/sandbox/istioctl/analyze.ts'
import { suite } from '../../support/suite.ts'
import { clusterConfig, newSandbox } from './sandbox.ts'

const test = suite('istioctl')

const sandbox = await newSandbox()
test.after(() => sandbox.close())
await sandbox.run('kind', ['create', 'cluster', '--config=-'], clusterConfig(sandbox.port))

const kubectl = async (...args: string[]) => (await sandbox.run('kubectl', args)).stdout
const install = (...args: string[]) => sandbox.run('istioctl', ['install', '--set', 'profile=demo', ...args])

// What istioctl 1.21.2 prints off a terminal; its waiting lines may be missing where nothing is to wait for.
const warning =
  'WARNING: Istio 1.21.0 may be out of support (EOL) already: see https://istio.io/latest/docs/releases/supported-releases/ for supported releases\n'
const progress = `Simulated: this istioctl installs into the sandbox, whose Istio is a stand-in.

- Processing resources for Istio core.
✔ Istio core installed
- Processing resources for Istiod.
- Processing resources for Istiod. Waiting for Deployment/istio-system/istiod
✔ Istiod installed
- Processing resources for Egress gateways, Ingress gateways.
- Processing resources for Egress gateways, Ingress gateways. Waiting for Deployment/istio-system...
✔ Egress gateways installed
✔ Ingress gateways installed
- Pruning removed resources
✔ Installation completeMade this installation the default for injection and validation.
`

test('before Istio is there, its version is the client alone', async () => {
  assert.equal(await sandbox.run('istioctl', ['version']), {
    code: 0,
    stdout: '1.21.2\n',
    stderr: 'no ready Istio pods in "istio-system"\n',
  })
})

test('without -y it asks, and installs nothing where the answer is no', async () => {
  const { code, stdout, stderr } = await sandbox.run('istioctl', ['install', '--set', 'profile=demo'], 'n\n')
  assert.is(code, 1)
  assert.match(
    stdout,
    'This will install the Istio 1.21.2 "demo" profile (with components: Istio core, Istiod, Egress gateways, and Ingress gateways) into the cluster. Proceed? (y/N) ',
  )
  assert.match(stderr, /^Cancelled\.$/m)
  assert.is(await kubectl('get', 'crd', '-o', 'name'), '')
})

test('the demo profile is installed with the words of istioctl', async () => {
  assert.equal(await install('-y'), { code: 0, stdout: warning, stderr: progress })
})

test('all that a real installation leaves is there', async () => {
  const counts: Readonly<Record<string, number>> = {
    crd: 14,
    'deployments -n istio-system': 3,
    'services -n istio-system': 3,
    'poddisruptionbudgets -n istio-system': 3,
    'roles -n istio-system': 3,
    'rolebindings -n istio-system': 3,
    mutatingwebhookconfigurations: 2,
    validatingwebhookconfigurations: 2,
    'secrets -n istio-system': 1,
  }
  const found: Record<string, number> = {}
  for (const what of Object.keys(counts))
    found[what] = (await kubectl('get', ...what.split(' '), '-o', 'name')).trimEnd().split('\n').length
  assert.equal(found, counts)
  assert.match(await kubectl('get', 'pods', '-n', 'istio-system', '-o', 'name'), /istiod-8474dd8856-/)
})

test('installed again, it keeps what others have changed', async () => {
  const patch = '{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirstWithHostNet","hostNetwork":true}}}}'
  const before = await kubectl('get', 'pod', '-n', 'istio-system', '-l', 'app=istio-ingressgateway', '-o', 'name')
  await kubectl('patch', 'deployment', 'istio-ingressgateway', '-n', 'istio-system', '-p', patch)
  await kubectl('rollout', 'status', 'deployment/istio-ingressgateway', '-n', 'istio-system', '--timeout=20s')
  // The pod that goes has a proxy until it is gone; the tests below count them.
  await kubectl('wait', '--for=delete', before.trim(), '-n', 'istio-system', '--timeout=20s')
  const again = await install('--skip-confirmation')
  assert.is(again.code, 0)
  assert.is(again.stdout, warning)
  const path = '{.spec.template.spec.hostNetwork} {.metadata.generation}'
  const shown = await kubectl(
    'get',
    'deployment',
    'istio-ingressgateway',
    '-n',
    'istio-system',
    '-o',
    `jsonpath=${path}`,
  )
  assert.is(shown, 'true 2')
})

test('versions of client, control plane and data plane', async () => {
  const { stdout } = await sandbox.run('istioctl', ['version'])
  assert.is(stdout, 'client version: 1.21.2\ncontrol plane version: 1.21.2\ndata plane version: 1.21.2 (2 proxies)\n')
  const client = await sandbox.run('istioctl', ['version', '--remote=false'])
  assert.equal(client, { code: 0, stdout: '1.21.2\n', stderr: '' })
})

test('every proxy is listed as in step', async () => {
  const { stdout } = await sandbox.run('istioctl', ['proxy-status'])
  const [header, ...rows] = stdout.trimEnd().split('\n')
  assert.match(header as string, /^NAME +CLUSTER +CDS +LDS +EDS +RDS +ECDS +ISTIOD +VERSION$/)
  assert.is(rows.length, 2)
  for (const row of rows)
    assert.match(row, /^istio-\w+-\S+\.istio-system +Kubernetes +SYNCED +SYNCED +SYNCED .* istiod-\S+ +1\.21\.2$/)
})

const looksFor = `Simulated: this istioctl looks for ${codes.join(', ')} only.\n`

test('analyze finds nothing where nothing is wrong, and a route that leads nowhere', async () => {
  await kubectl('label', 'namespace', 'default', 'istio-injection=enabled')
  assert.equal(await sandbox.run('istioctl', ['analyze']), {
    code: 0,
    stdout: '',
    stderr: `✔ No validation issues found when analyzing namespace: default.\n${looksFor}`,
  })
  await kubectl('apply', '-f', 'manifests/virtual-service-all-v1.yaml')
  const { code, stdout, stderr } = await sandbox.run('istioctl', ['analyze', '-A'])
  assert.is(code, 79)
  assert.match(stdout, /^Error \[IST0101\] \(VirtualService default\/details\) Referenced host not found: "details"$/m)
  assert.match(stderr, /^Error: Analyzers found issues when analyzing all namespaces\.$/m)
})

test('analyze writes for programs too, and knows what namespaces there are', async () => {
  await kubectl('apply', '-f', 'manifests/virtual-service-all-v1.yaml')
  const { code, stdout } = await sandbox.run('istioctl', ['analyze', '-o', 'json'])
  assert.is(code, 0)
  const [first] = JSON.parse(stdout)
  assert.equal(Object.keys(first), ['code', 'documentationUrl', 'level', 'message', 'origin'])
  assert.match(
    (await sandbox.run('istioctl', ['analyze', '-o', 'yaml'])).stdout,
    /^- code: IST0101\n {2}documentationUrl: /,
  )
  assert.is((await sandbox.run('istioctl', ['analyze', '-o', 'table'])).code, 64)
  assert.equal(await sandbox.run('istioctl', ['analyze', '-n', 'nowhere']), {
    code: 0,
    stdout: '',
    stderr: 'namespace "nowhere" not found\n',
  })
})

const refused: [args: string[], message: RegExp][] = [
  [
    ['install', '--set', 'profile=ambient', '-y'],
    /the sandbox's istioctl has the profiles demo, default, minimal; "ambient" needs the real one/,
  ],
  [
    ['install', '--set', 'meshConfig.x=y', '-y'],
    /--set meshConfig\.x=y: the sandbox's istioctl takes profile=NAME only/,
  ],
  [['install', '-f', 'mine.yaml'], /^Error: unknown shorthand flag: 'f' in -f/],
  [
    ['upgrade'],
    /^Error: unknown command "upgrade" for the sandbox's istioctl, which has install, version, proxy-status, analyze/,
  ],
]
for (const [args, message] of refused)
  test(`istioctl ${args.join(' ')} is refused`, async () => {
    const { code, stdout, stderr } = await sandbox.run('istioctl', args)
    assert.is(code, 1)
    assert.is(stdout, '')
    assert.match(stderr, message)
  })

test.run()
