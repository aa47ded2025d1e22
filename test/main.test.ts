import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as assert from 'uvu/assert'
import { projectFolder } from '../lib/state.ts'
import '../scripts/all.ts'
import { temporaryFolder } from './support/folder.ts'
import { newLab } from './support/lab.ts'
import { suite } from './support/suite.ts'

const test = suite('main')

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
    `import { guarded } from '${lib('main.ts')}'
     import { Failure } from '${lib('failure.ts')}'
     await guarded(async () => { ${body} })`,
  )
  return newLab().program(process.execPath, '--import', 'tsx/esm', join(folder, 'script.ts'), '--lang', 'ru')
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
