import * as assert from 'uvu/assert'
import { lessonIn, scriptOfStep, sectionOf } from '../../lib/words/lesson.ts'
import install from '../../scripts/01-install.ts'
import deploy from '../../scripts/02-deploy.ts'
import versionRoute from '../../scripts/03-version-route.ts'
import userRoute from '../../scripts/04-user-route.ts'
import { suite } from '../support/suite.ts'

const test = suite('words: lesson')

const sections = [install, deploy, versionRoute, userRoute]

test('each step is known to be of the section whose script holds it', () => {
  const held = sections.flatMap(({ id, steps }) => steps.map((step) => [step.id, id]))
  assert.equal(Object.entries(sectionOf), held)
})

test('the script of a step is the one to run for it', () => {
  assert.is(scriptOfStep('istio'), './scripts/01-install.ts')
  assert.is(scriptOfStep('jason'), './scripts/04-user-route.ts')
})

test('English is what the scripts say', async () => {
  const words = await lessonIn('en')
  assert.is(words.title(install), install.title)
  assert.is(words.step(install.steps[0]).why, install.steps[0].why)
  assert.is(words.title(undefined), '')
})

test('Russian comes from its table', async () => {
  const words = await lessonIn('ru')
  assert.is(words.title(install), 'Кластер с Istio')
  assert.is(words.step(install.steps[0]).title, 'Создаём кластер Kubernetes')
  assert.is(words.title(undefined), '')
})

test.run()
