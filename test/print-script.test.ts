import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { temporaryFolder } from './support/folder.ts'
import { ended, newLab } from './support/lab.ts'
import { type Answer, answeredPrograms, shellPrograms } from './support/programs.ts'
import { suite } from './support/suite.ts'

const test = suite('print-script')

// No docker is asked about anything: the target is named.
const lab = newLab({ path: [shellPrograms({ docker: 'exit 1' })] })
const shellcheck = spawnSync('shellcheck', ['--version']).status === 0

async function printed(script: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await lab.script(script, '--print', ...args)
  assert.equal([code, stderr], [0, ''])
  return stdout
}

const kind = ['--target', 'kind', '--lang', 'en']
const whole = await printed('all.ts', ...kind)

/** The script's commands without its comments, as bash would read them. */
const commands = whole.split('\n').filter((line) => line && !line.startsWith('#'))

const variants: { title: string; args: string[] }[] = [
  { title: 'kind', args: kind },
  {
    title: 'a sandbox of another name and port',
    args: ['--target', 'sandbox', '--name', 'two', '--port', '8090', '--lang', 'en'],
  },
  { title: 'a context with a blank in its name', args: ['--context', "my cloud's", '--lang', 'en'] },
  { title: 'kind, in Russian', args: ['--target', 'kind', '--lang', 'ru'] },
]
for (const { title, args } of variants) {
  const lesson = await printed('all.ts', ...args)
  test(`the printed lesson for ${title} is a script that bash can read`, () => {
    execFileSync('bash', ['-n'], { input: lesson })
  })

  const clean = `the printed lesson for ${title} has nothing that shellcheck complains of`
  if (!shellcheck) test.skip(clean, 'no shellcheck is installed')
  else
    test(clean, () => {
      const file = join(temporaryFolder(), 'lesson.sh')
      writeFileSync(file, lesson)
      assert.is(spawnSync('shellcheck', [file], { encoding: 'utf8' }).stdout, '')
    })
}

test("it holds the lesson's commands in the lesson's order, waits between them", () => {
  const beginnings = [
    'set -euo pipefail',
    "kind create cluster --config=- <<'EOF'",
    'kubectl cluster-info',
    'istioctl install --set profile=demo -y',
    'kubectl wait --for=condition=available -n istio-system',
    'kubectl wait --for=condition=Ready node',
    'kubectl wait --for=condition=available -n kube-system deploy/coredns',
    'kubectl label namespace default istio-injection=enabled',
    'kubectl patch deploy -n istio-system istio-ingressgateway',
    'kubectl rollout status -n istio-system deploy/istio-ingressgateway',
    'kubectl apply -f manifests/bookinfo.yaml',
    'kubectl wait --for=condition=available -n default',
    'kubectl get pod',
    'kubectl apply -f manifests/bookinfo-gateway.yaml',
    'kubectl apply -f manifests/destination-rule-all.yaml',
    'kubectl get dr',
    'kubectl apply -f manifests/virtual-service-all-v1.yaml',
    'kubectl get vs reviews -o yaml',
    'kubectl patch vs reviews --type merge',
    'kubectl apply -f manifests/virtual-service-reviews-test-v2.yaml',
  ]
  let at = -1
  for (const beginning of beginnings) {
    const next = commands.findIndex((line, i) => i > at && line.startsWith(beginning))
    assert.ok(next > at, `${beginning} comes in its turn`)
    at = next
  }
})

test('every explanation is a comment, of lines that fit a page', () => {
  assert.match(whole, /\n#### A cluster with Istio\n/)
  assert.match(whole, /\n# Send everyone to v1\n# A VirtualService routes by name\./)
  for (const line of whole.split('\n').filter((text) => text.startsWith('#'))) assert.ok(line.length <= 100, line)
})

test('the cluster of another name and port is the one that is made', async () => {
  const script = await printed('01-install.ts', '--target', 'kind', '--name', 'two', '--port', '8090')
  assert.match(script, '\nexport KIND_CLUSTER_NAME=two\n')
  assert.match(script, /hostPort: 8090/)
  assert.match(script, /hostPort: 8453/)
})

test('the node image that is named is the one that is taken', async () => {
  const script = await printed('01-install.ts', '--target', 'kind', '--node-image', 'kindest/node:v1.28.7')
  assert.match(script, '\nkind create cluster --image kindest/node:v1.28.7 --config=- <<')
})

test('for a sandbox it says that it is simulated, and where to run it', async () => {
  const script = await printed('04-user-route.ts', '--target', 'sandbox', '--lang', 'en')
  assert.match(script, '# Simulated: run it inside of the sandbox, in npm run sandbox -- bash\n')
})

test('for a context it leaves out what the cluster brings, with the reason', async () => {
  const script = await printed('01-install.ts', '--context', 'cloud', '--lang', 'en')
  assert.not.match(script, /^(kind|istioctl) /m)
  assert.match(script, '# Left out: this cluster brings its own Istio')
})

/** Runs a printed script among stand-ins; gives each call with what its kubeconfig then holds. */
async function running(script: string, answer: (line: string) => Answer | undefined) {
  const seen: { line: string; kubeconfig: string }[] = []
  const programs = await answeredPrograms(['kind', 'kubectl', 'istioctl'], (line, { kubeconfig }) => {
    seen.push({ line, kubeconfig: readFileSync(kubeconfig, 'utf8') })
    return answer(line) ?? {}
  })
  const users = join(temporaryFolder(), 'config')
  writeFileSync(users, "the user's")
  const env = { ...process.env, PATH: `${programs.folder}:${process.env.PATH}`, KUBECONFIG: users }
  const { code, stderr } = await ended('bash', ['-c', script], env)
  await programs.close()
  const files = new Set(programs.calls.map(({ kubeconfig }) => kubeconfig))
  return { code, stderr, seen, left: [...files].filter((file) => file !== users && existsSync(file)) }
}

const beginsWith = (beginning: string, stdout: string) => (line: string) =>
  line.startsWith(beginning) ? { stdout } : undefined

for (const [script, before] of [
  ['all.ts', ['kind create cluster --config=-', 'kind get kubeconfig --name two']],
  ['03-version-route.ts', ['kind get kubeconfig --name two']],
] as const)
  test(`${script}, printed and run, works on its own cluster whatever context is current`, async () => {
    const text = await printed(script, '--target', 'kind', '--name', 'two')
    const { code, stderr, seen, left } = await running(text, beginsWith('kind get kubeconfig', "the lesson's"))
    assert.is(code, 0, stderr)
    const [own, others] = [seen.slice(before.length), seen.slice(0, before.length)]
    assert.equal(
      others.map(({ line, kubeconfig }) => [line, kubeconfig]),
      before.map((line) => [line, "the user's"]),
    )
    assert.ok(own.length > 5)
    assert.equal([...new Set(own.map(({ kubeconfig }) => kubeconfig))], ["the lesson's"])
    assert.equal(left, [], 'no copy is left behind')
  })

test('for a context, printed and run, it works on a copy of that context alone', async () => {
  const text = await printed('02-deploy.ts', '--context', "my cloud's")
  const { code, stderr, seen } = await running(text, beginsWith('kubectl config view', "the cloud's"))
  assert.is(code, 0, stderr)
  const [view, ...rest] = seen
  assert.is(view?.line, "kubectl config view --raw --minify --flatten --context my cloud's")
  assert.equal([...new Set(rest.map(({ kubeconfig }) => kubeconfig))], ["the cloud's"])
})

test('for a context that is not there, printed and run, it changes nothing', async () => {
  const text = await printed('02-deploy.ts', '--context', 'nowhere')
  const { code, seen } = await running(text, () => ({ code: 1, stderr: 'error: cannot locate context\n' }))
  assert.is(code, 1)
  assert.is(seen.length, 1)
})

test('each wait has the limit that was asked for', async () => {
  const limits = (text: string) => new Set(text.match(/--timeout=\S+/g))
  assert.equal([...limits(whole)], ['--timeout=300s'])
  assert.equal([...limits(await printed('all.ts', ...kind, '--timeout', '30m'))], ['--timeout=1800s'])
})

test('tools that were downloaded come first', async () => {
  const bin = join(lab.home, 'bin')
  mkdirSync(bin)
  const script = await printed('02-deploy.ts', ...kind)
  rmdirSync(bin)
  assert.match(script, `\nexport PATH=${bin}:"$PATH"\n`)
})

test('a step that is named is printed alone', async () => {
  const script = await printed('03-version-route.ts', ...kind, '--only', 'all-v1')
  assert.equal(
    script.split('\n').filter((line) => line.startsWith('kubectl ')),
    ['kubectl apply -f manifests/virtual-service-all-v1.yaml', 'kubectl get vs reviews -o yaml'],
  )
})

test('printing makes nothing and remembers nothing', async () => {
  const { stdout } = await lab.program('find', lab.home, '-type', 'f')
  assert.is(stdout, '')
})

test.run()
