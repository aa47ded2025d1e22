import { accessSync, constants, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { commandsOf, scriptOf, section } from '../lib/lesson.ts'
import { sh } from '../lib/sh.ts'
import { projectFolder } from '../lib/state.ts'
import install from '../scripts/01-install.ts'
import deploy from '../scripts/02-deploy.ts'
import versionRoute from '../scripts/03-version-route.ts'
import userRoute from '../scripts/04-user-route.ts'
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

test.run()
