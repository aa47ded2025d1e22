/** A proof that cannot fail proves nothing: each way to break the routing turns it red, and the cause is named. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { Ended } from '../support/lab.ts'
import { projectCopy, sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('sabotage')
const lab = await sandboxLab()
const rules = ['destination-rule-all.yaml', 'virtual-service-all-v1.yaml']
await lab.prepare(...rules)

const script = async (name: string, ...args: string[]): Promise<Ended> =>
  lab.script(name, '--target', 'sandbox', '--name', lab.name, ...args)

/** What is done to the cluster, which proof is asked, what it says, and what puts all right again. */
const clusterCases: readonly [
  title: string,
  sabotage: string,
  script: string,
  step: string,
  words: RegExp,
  repair: string,
][] = [
  [
    'a route is deleted',
    'kubectl delete vs reviews',
    '03-version-route.ts',
    'all-v1',
    /no VirtualService decides where reviews leads/,
    'kubectl apply -f manifests/virtual-service-all-v1.yaml',
  ],
  [
    'a tenth goes elsewhere',
    `kubectl patch vs reviews --type merge -p '${split(90, 10)}'`,
    '03-version-route.ts',
    'all-v1',
    /v1 \(90 %\).*v3 \(10 %\)/,
    'kubectl apply -f manifests/virtual-service-all-v1.yaml',
  ],
  [
    'half goes elsewhere',
    `kubectl patch vs reviews --type merge -p '${split(50, 50)}'`,
    '03-version-route.ts',
    'all-v1',
    /v1 \(50 %\).*v3 \(50 %\)/,
    'kubectl apply -f manifests/virtual-service-all-v1.yaml',
  ],
  [
    'the version has no pods',
    'kubectl scale deploy reviews-v1 --replicas 0; kubectl wait --for=delete --timeout=60s pod -l app=reviews,version=v1',
    '03-version-route.ts',
    'all-v1',
    /deployment reviews-v1 is scaled to zero/,
    'kubectl scale deploy reviews-v1 --replicas 1; kubectl rollout status deploy/reviews-v1',
  ],
  [
    'a subset is gone',
    `kubectl patch dr reviews --type json -p '[{"op":"remove","path":"/spec/subsets/0"}]'`,
    '03-version-route.ts',
    'all-v1',
    /subset v1 of reviews, which no DestinationRule defines/,
    'kubectl apply -f manifests/destination-rule-all.yaml',
  ],
  [
    'the rules of section 4 were never applied',
    'true',
    '04-user-route.ts',
    'jason',
    /sends everyone to v1; expected user jason to v2; everyone to v1/,
    'true',
  ],
  [
    'the gateway is gone',
    'kubectl delete gw bookinfo-gateway',
    '02-deploy.ts',
    'gateway',
    /Gateway bookinfo-gateway/,
    'kubectl apply -f manifests/bookinfo-gateway.yaml',
  ],
]

function split(v1: number, v3: number): string {
  const route = [
    { destination: { host: 'reviews', subset: 'v1' }, weight: v1 },
    { destination: { host: 'reviews', subset: 'v3' }, weight: v3 },
  ]
  return JSON.stringify({ spec: { http: [{ route }] } })
}

for (const [title, sabotage, name, step, words, repair] of clusterCases)
  test(`--check turns red when ${title}`, async () => {
    const done = await lab.type(sabotage)
    assert.is(done.code, 0, done.stderr)
    try {
      // A check gives a change no time to come to traffic.
      const { code, stderr } = await turningRed(() => script(name, '--check', '--only', step))
      assert.is(code, 1)
      assert.match(stderr, words)
      assert.not.match(stderr, /\n +at /)
    } finally {
      assert.is((await lab.type(repair)).code, 0)
    }
  })

/** The first answer that is red, or the last of a few. */
async function turningRed(check: () => Promise<Ended>): Promise<Ended> {
  let answer = await check()
  for (let again = 0; again < 3 && answer.code === 0; again++) answer = await check()
  return answer
}

test('the step itself is green when all is repaired', async () => {
  const { code, stderr } = await script('03-version-route.ts', '--only', 'all-v1')
  assert.is(code, 0, stderr)
})

/** What is changed in a manifest, which step runs it, and what the script says. */
const manifestCases: readonly [title: string, file: string, from: string, to: string, step: string, words: RegExp][] = [
  [
    'everyone is sent to v2',
    'virtual-service-all-v1.yaml',
    'host: reviews\n        subset: v1',
    'host: reviews\n        subset: v2',
    'all-v1',
    /v2/,
  ],
  [
    "jason's rule names another user",
    'virtual-service-reviews-test-v2.yaml',
    'exact: jason',
    'exact: anna',
    'jason',
    /jason|anna/,
  ],
  [
    'a subset has another label',
    'destination-rule-all.yaml',
    '- name: v3\n    labels:\n      version: v3',
    '- name: v3\n    labels:\n      version: v7',
    'destination-rules',
    /reviews: subset v3 selects version=v7/,
  ],
  [
    'a manifest cannot be read',
    'virtual-service-all-v1.yaml',
    'hosts:',
    'hosts',
    'all-v1',
    /virtual-service-all-v1\.yaml/,
  ],
]

const scripts: Readonly<Record<string, string>> = { jason: '04-user-route.ts' }

for (const [title, file, from, to, step, words] of manifestCases)
  test(`the script fails when ${title}`, async () => {
    const copy = projectCopy()
    const path = join(copy, 'manifests', file)
    const text = readFileSync(path, 'utf8')
    assert.ok(text.includes(from), `${file} has ${from}`)
    writeFileSync(path, text.replaceAll(from, to))
    const name = scripts[step] ?? '03-version-route.ts'
    const args = ['--target', 'sandbox', '--name', lab.name, '--only', step, '--timeout', '3']
    try {
      const { code, stderr } = await lab.program(
        process.execPath,
        '--import',
        'tsx',
        join(copy, 'scripts', name),
        ...args,
      )
      assert.is(code, 1)
      assert.match(stderr, words)
    } finally {
      await lab.type(rules.map((rule) => `kubectl apply -f manifests/${rule}`).join('\n'))
    }
  })

test.after(() => lab.close())
test.run()
