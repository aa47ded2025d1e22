import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as assert from 'uvu/assert'
import { commandsOf, scriptOf, section } from '../lib/lesson.ts'
import { sh } from '../lib/sh.ts'
import { projectFolder } from '../lib/state.ts'
import install from '../scripts/01-install.ts'
import deploy from '../scripts/02-deploy.ts'
import versionRoute from '../scripts/03-version-route.ts'
import userRoute from '../scripts/04-user-route.ts'
import { temporaryFolder } from './support/folder.ts'
import { newLab } from './support/lab.ts'
import { suite } from './support/suite.ts'

const test = suite('lesson')

const sections = [install, deploy, versionRoute, userRoute]
const settings = { nodeImageFlags: ['--image', 'kindest/node:v1.29.2'], clusterConfig: 'kind: Cluster' }

test('each section is in the script that is named for it, and can be started by its name', () => {
  assert.equal(
    Object.keys(scriptOf),
    sections.map(({ id }) => id),
  )
  for (const { id, title } of sections) {
    const file = join(projectFolder, scriptOf[id])
    assert.match(readFileSync(file, 'utf8'), `section('${id}', '${title}'`)
    accessSync(file, constants.X_OK)
  }
})

test('every step says what it does, why, and how that is proven', () => {
  for (const { id, title, why, proof } of sections.flatMap(({ steps }) => steps)) {
    assert.ok(title && why && proof, id)
    assert.ok(commandsOf({ id, title, why, proof, run: [] }, settings))
  }
})

test('no two steps have one id', () => {
  const ids = sections.flatMap(({ steps }) => steps.map(({ id }) => id))
  assert.is(new Set(ids).size, ids.length)
})

test("the commands of a step may depend on the lab's settings", () => {
  const [cluster, istio] = install.steps
  assert.equal(commandsOf(cluster, settings).map(String), [
    "kind create cluster --image kindest/node:v1.29.2 --config=- <<'EOF'\nkind: Cluster\nEOF",
  ])
  assert.equal(commandsOf(istio as typeof cluster, settings).map(String), ['istioctl install --set profile=demo -y'])
})

test('a section is its id, its title and its steps', () => {
  const step = { ...deploy.steps[0], run: [sh`true`] }
  assert.equal(section('deploy', 'A title', [step]), { id: 'deploy', title: 'A title', steps: [step] })
})

test('a script that is imported by another does not start its section', async () => {
  // This test imports all of them, and is still here.
  assert.is(process.exitCode, undefined)
})

/** A script of its own beside the lesson's, which throws what it is given. */
async function script(body: string) {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const lib = (name: string) => pathToFileURL(join(projectFolder, 'lib', name))
  writeFileSync(
    join(folder, 'script.ts'),
    `import { guarded } from '${lib('lesson.ts')}'
     import { Failure } from '${lib('failure.ts')}'
     await guarded(async () => { ${body} })`,
  )
  return newLab().program(process.execPath, '--import', 'tsx', join(folder, 'script.ts'), '--lang', 'ru')
}

const bodies: { title: string; body: string; code: number; says: RegExp }[] = [
  { title: 'its result', body: 'return 3', code: 3, says: /^$/ },
  {
    title: "a failure's own exit code, in the language asked for",
    body: "throw new Failure('нет', { seen: 'x', exitCode: 2 })",
    code: 2,
    says: /✘ нет\n {2}видно {2}x/,
  },
  {
    title: '1 for a bug, with its stack',
    body: "throw new TypeError('a bug')",
    code: 1,
    says: /TypeError: a bug\n {4}at /,
  },
]
for (const { title, body, code, says } of bodies)
  test(`a script ends with ${title}`, async () => {
    const ended = await script(body)
    assert.is(ended.code, code)
    assert.match(ended.stderr, says)
  })

test.run()
