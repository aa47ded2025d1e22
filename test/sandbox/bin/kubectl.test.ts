/** The sandbox's own kubectl against the real one: the same words from the same sandbox. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { clusterConfig, newSandbox, type Output } from './sandbox.ts'

const test = suite('kubectl')

const sandbox = await newSandbox()
test.after(() => sandbox.close())
await sandbox.run('kind', ['create', 'cluster', '--config=-'], clusterConfig(sandbox.port))
await sandbox.run('istioctl', ['install', '--set', 'profile=minimal', '-y'])

const own = (args: readonly string[], input?: string) => sandbox.run('kubectl', args, input)
const real = (args: readonly string[], input?: string) => sandbox.other('kubectl', args, input)
const hasReal = await real(['version', '--client']).then(
  ({ code }) => code === 0,
  () => false,
)

const file = (name: string, text: string) => {
  const path = join(sandbox.home, name)
  writeFileSync(path, text)
  return path
}
const rules = file(
  'rules.yaml',
  `# two of them
apiVersion: networking.istio.io/v1alpha3
kind: DestinationRule
metadata:
  name: reviews
spec:
  host: reviews
  subsets:
  - name: v1
    labels:
      version: v1
---
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
        subset: v1
---
`,
)
const web = file(
  'web.yaml',
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.25
        ports:
        - containerPort: 80
`,
)
const unknownField = file('unknown.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: probe\ndada: {}\n')
const unknownKind = file(
  'kind.yaml',
  'apiVersion: networking.istio.io/v1\nkind: VirtualServise\nmetadata:\n  name: probe\n',
)

/** What differs from one moment to the next. */
const blanked = ({ code, stdout, stderr }: Output): Output => ({
  code,
  stdout: stdout
    .replace(/\b\d+(ms|s|m|h|m\d+s)\b/g, 'AGE')
    .replace(/(uid|resourceVersion|creationTimestamp|"uid"|"resourceVersion"): \S+/g, '$1: X')
    .replace(/ +/g, ' '),
  stderr,
})

const same: string[][] = [
  ['get', 'nodes'],
  ['get', 'nodes', '-o', 'wide'],
  ['get', 'pods', '-A'],
  ['get', 'pods'],
  ['get', 'ns', 'default', '--show-labels'],
  ['get', 'vs,dr'],
  ['get', 'vs,dr', '-o', 'name'],
  ['get', 'virtualservice', 'reviews', '-o', 'yaml'],
  ['get', 'vs', 'reviews', '-o', 'json'],
  ['get', 'vs', '-o', 'yaml'],
  ['get', 'deploy', 'web', '-o', 'yaml'],
  ['get', 'pods', '-l', 'app=web', '--no-headers'],
  ['get', 'svc', '-n', 'istio-system', '-o', 'name'],
  ['get', 'crd', '-o', 'name'],
  ['get', 'vs', 'reviews', '-o', 'jsonpath={.spec.http[0].route[*].destination.subset}'],
  ['get', 'deploy', 'web', '-o', 'jsonpath={.status.conditions[?(@.type=="Available")].status}'],
  ['get', 'vs,dr', '-o', 'jsonpath={range .items[*]}{.kind}{"\\n"}{end}'],
  ['get', 'vs', 'nope'],
  ['get', 'vs', 'nope', '--ignore-not-found'],
  ['get', 'nope'],
  ['get', '--raw', '/healthz'],
  ['apply', '-f', rules],
  ['apply', '-f', unknownField],
  ['apply', '-f', unknownKind],
  ['apply', '-f', join(sandbox.home, 'missing.yaml')],
  ['patch', 'vs', 'reviews', '-p', '{"spec":{"hosts":["x"]}}'],
  ['patch', 'vs', 'nope', '--type', 'merge', '-p', '{}'],
  ['rollout', 'status', 'deploy/web'],
  ['wait', '--for=condition=available', 'deploy/web', '--timeout=10s'],
  ['wait', '--for=condition=available', 'deploy', '--all', '--timeout=10s'],
  ['wait', '--for=condition=Nothing', 'deploy/web', '--timeout=100ms'],
  ['delete', 'vs', 'nope'],
  ['delete', 'vs', 'nope', '--ignore-not-found'],
]

/** What changes something, after what has to be so before. */
const changes: [before: string[], args: string[]][] = [
  [
    ['label', 'namespace', 'default', 'a-'],
    ['label', 'namespace', 'default', 'a=b'],
  ],
  [
    ['label', 'namespace', 'default', 'a=b', '--overwrite'],
    ['label', 'namespace', 'default', 'a=b'],
  ],
  [
    ['label', 'namespace', 'default', 'a=b', '--overwrite'],
    ['label', 'namespace', 'default', 'a=c'],
  ],
  [
    ['label', 'namespace', 'default', 'a=b', '--overwrite'],
    ['label', 'namespace', 'default', 'a=c', '--overwrite'],
  ],
  [
    ['label', 'namespace', 'default', 'a=b', '--overwrite'],
    ['label', 'namespace', 'default', 'a-'],
  ],
  [
    ['label', 'namespace', 'default', 'a-'],
    ['label', 'namespace', 'default', 'a-'],
  ],
  [patched('other'), patched('reviews')],
  [patched('reviews'), patched('reviews')],
]

function patched(host: string): string[] {
  return ['patch', 'vs', 'reviews', '--type', 'merge', '-p', JSON.stringify({ spec: { hosts: [host] } })]
}

await own(['apply', '-f', rules])
await own(['apply', '-f', web])
await own(['rollout', 'status', 'deploy/web', '--timeout=20s'])
for (const [before, args] of [...same.map((args): [string[], string[]] => [[], args]), ...changes]) {
  const typed = (words: string[]) => `kubectl ${words.join(' ').replaceAll(sandbox.home, 'FOLDER')}`
  const title = `${typed(args)} says what the real one says${before.length > 0 ? ` after ${typed(before)}` : ''}`
  if (!hasReal) test.skip(title, 'no kubectl on this machine')
  else
    test(title, async () => {
      const after = async (run: typeof own) => {
        if (before.length > 0) await own(before)
        return run(args)
      }
      // What changes nothing can be asked at the same time.
      const [mine, theirs] =
        before.length > 0 ? [await after(own), await after(real)] : await Promise.all([own(args), real(args)])
      assert.equal(blanked(mine), blanked(theirs))
    })
}

test('apply creates, leaves alone and changes, and takes away what a file no longer has', async () => {
  const config = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: probe\ndata: ${data}\n`
  const apply = async (data: string) => (await own(['apply', '-f', '-'], config(data))).stdout
  assert.is(await apply('{"a": "1", "b": "2"}'), 'configmap/probe created\n')
  assert.is(await apply('{"a": "1", "b": "2"}'), 'configmap/probe unchanged\n')
  await own(['patch', 'configmap', 'probe', '--type', 'merge', '-p', '{"data":{"c":"3"}}'])
  assert.is(await apply('{"a": "2"}'), 'configmap/probe configured\n')
  const { stdout } = await own(['get', 'configmap', 'probe', '-o', 'jsonpath={.data}'])
  assert.equal(JSON.parse(stdout), { a: '2', c: '3' })
  assert.is((await own(['delete', '-f', '-'], config('{}'))).stdout, 'configmap "probe" deleted\n')
})

test('what the one has applied, the other finds unchanged', async () => {
  if (!hasReal) return
  assert.match((await real(['apply', '-f', web])).stdout, /^deployment\.apps\/web unchanged/)
  assert.match((await own(['apply', '-f', web])).stdout, /^deployment\.apps\/web unchanged/)
})

test('deleted in the foreground, all that belongs to it is gone when it ends', async () => {
  const { stdout } = await own(['delete', '--cascade=foreground', '-f', web])
  assert.is(stdout, 'deployment.apps "web" deleted\n')
  assert.is((await own(['get', 'pods', '-o', 'name'])).stdout, '')
})

test('a container has its log', async () => {
  const { stdout: pod } = await own(['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns', '-o', 'name'])
  const { code, stderr } = await own(['logs', '-n', 'kube-system', pod.split('\n')[0] as string])
  assert.is(code, 0, stderr)
})

const refused: [args: string[], message: RegExp][] = [
  [
    ['exec', 'web'],
    /^error: the sandbox's own kubectl does not know "exec"; it has apply, .*\nGet the real kubectl: https/,
  ],
  [['describe', 'pod'], /does not know "describe"/],
  [
    ['apply', '-f', 'https://example.com/x.yaml'],
    /reads nothing from the network: download https:\/\/example\.com\/x\.yaml first/,
  ],
  [['get', 'pods', '-w'], /^error: unknown shorthand flag: 'w' in -w/],
  [['get', 'pods', '-o', 'go-template=x'], /for "go-template=x" take the real one/],
]
for (const [args, message] of refused)
  test(`kubectl ${args.join(' ')} is refused, with a word on where to get the real one`, async () => {
    const { code, stderr } = await own(args)
    assert.is(code, 1)
    assert.match(stderr, message)
  })

test.run()
