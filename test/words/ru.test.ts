import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { projectFolder } from '../../lib/state.ts'
import { en } from '../../lib/words/en.ts'
import { lesson, ru } from '../../lib/words/ru.ts'
import install from '../../scripts/01-install.ts'
import deploy from '../../scripts/02-deploy.ts'
import versionRoute from '../../scripts/03-version-route.ts'
import userRoute from '../../scripts/04-user-route.ts'
import { suite } from '../support/suite.ts'

const test = suite('words: Russian')

const sections = [install, deploy, versionRoute, userRoute]
const steps = sections.flatMap((section) => section.steps)

/** Names that stay as they are in any language: of programs, kinds, fields, users and commands. */
const NAMES = new Set(
  [
    'kind kubectl istioctl docker kubernetes istio istiod bookinfo api json node',
    'sidecar istio-proxy istio-injection enabled pod gateway virtualservice destinationrule destination rules subset',
    'default demo reviews productpage details ratings http hostnetwork end-user ready get crd merge patch',
    'jason anonymous sign in v1 v2 v3',
  ].flatMap((line) => line.split(' ')),
)

/** What stands in quotes in the tables of Russian words, without what is put in and without the names of fields. */
function literals(): string[] {
  const folder = join(projectFolder, 'lib', 'words')
  const files = readdirSync(folder).filter((file) => /\bru\.ts$/.test(file))
  return files.flatMap((file) => {
    const code = readFileSync(join(folder, file), 'utf8').replace(/^import .*$/gm, '')
    const quoted = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'(?!:)|`([^`]*)`/g)]
    return quoted.map(([, plain, template]) => plain ?? (template ?? '').replace(/\$\{[^}]*\}/g, ''))
  })
}

const latinWords = (text: string) =>
  (text.match(/[A-Za-z][\w-]*[A-Za-z]|[A-Za-z]\w*/g) ?? []).filter((word) => !NAMES.has(word.toLowerCase()))

test('every section and step of the scripts has its Russian words, and no other is there', () => {
  assert.equal(
    Object.keys(lesson.sections),
    sections.map(({ id }) => id),
  )
  assert.equal(
    Object.keys(lesson.steps),
    steps.map(({ id }) => id),
  )
})

for (const { id, ...english } of steps)
  test(`the Russian of the step ${id} says all that the English does`, () => {
    const russian = lesson.steps[id]
    for (const text of [russian.title, russian.why]) assert.match(text, /[а-яё]{3}/)
    assert.is(Boolean(russian.try), Boolean(english.try), 'what to try next')
    assert.equal(latinWords([russian.title, russian.why, russian.try].join(' ')), [])
  })

const sentences: [said: string, expected: string][] = [
  [ru.doctor.ports.free([8081]), '8081 свободен'],
  [ru.doctor.ports.free([8080, 8443]), '8080 и 8443 свободны'],
  [ru.doctor.disk.free(ru.doctor.gigabytes(12.34), '/var'), 'свободно 12,3 ГБ в /var'],
  [
    ru.portTaken(8080, ru.holders.process('node', '7'), 8081),
    'Порт 8080 занят (node (процесс 7)); страница будет на порту 8081.',
  ],
]
for (const [said, expected] of sentences)
  test(expected, () => {
    assert.is(said, expected)
  })

test('the same table of words is there in both languages', () => {
  const keys = (table: object): unknown[] =>
    Object.entries(table).map(([key, value]) => (typeof value === 'object' ? [key, keys(value)] : key))
  assert.equal(keys(ru), keys(en))
})

test('no English sentence is left in the Russian', () => {
  const english =
    /(?<!--)\b(the|a|an|is|are|was|it|its|this|that|there|of|on|to|for|from|by|with|and|or|not|no|has|have)\b/
  const texts = literals()
  assert.ok(texts.length > 100, 'the tables are found')
  assert.equal(
    texts.filter((text) => english.test(text.replace(/--[\w-]+/g, ''))),
    [],
  )
})

test('every reason why Docker cannot be used has its Russian words', () => {
  for (const reason of ['missing', 'not running', 'no permission'] as const) {
    assert.match(ru.noDocker(reason), /[а-я]{3}/)
    assert.equal(latinWords(ru.noDocker(reason)), [])
  }
})

test.run()
