/**
 * A proof that cannot fail proves nothing: each way to break the routing turns it red, the cause is named, and what is
 * said to mend it does.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { clusterCases, manifestCases, mendsOf, startingRules, turningRed } from '../support/sabotage.ts'
import { projectCopy, sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('sabotage')
const lab = await sandboxLab()
await lab.prepare(...startingRules)

const target = ['--target', 'sandbox', '--name', lab.name]

// The scripts after it go on with its lab: what mends can be typed as it is said.
test('the step itself is green while all is well', async () => {
  const { code, stderr } = await lab.script('03-version-route.ts', ...target, '--only', 'all-v1')
  assert.is(code, 0, stderr)
})

for (const { title, sabotage, script, step, names, mends, repair } of clusterCases)
  test(`--check turns red when ${title}${mends ? ', and what is said to mend it does' : ''}`, async () => {
    const done = await lab.type(sabotage)
    assert.is(done.code, 0, done.stderr)
    try {
      const { code, stderr } = await turningRed(() => lab.script(script, ...target, '--check', '--only', step))
      assert.is(code, 1)
      assert.match(stderr, names, stderr)
      assert.not.match(stderr, /\n +at /)
      if (!mends) return
      assert.equal(mendsOf(stderr), mends)
      // The last of them is the step, with its proof.
      const mended = await lab.type(mends.join('\n'))
      assert.is(mended.code, 0, mended.stderr)
    } finally {
      assert.is((await lab.type(repair)).code, 0)
    }
  })

for (const { title, file, from, to, script, step, names } of manifestCases)
  test(`the script fails when ${title}`, async () => {
    const copy = projectCopy()
    const path = join(copy, 'manifests', file)
    const text = readFileSync(path, 'utf8')
    assert.ok(text.includes(from), `${file} has ${from}`)
    writeFileSync(path, text.replaceAll(from, to))
    const args = [...target, '--only', step, '--timeout', '3']
    try {
      const program = join(copy, 'scripts', script)
      const { code, stderr } = await lab.program(process.execPath, '--import', 'tsx/esm', program, ...args)
      assert.is(code, 1)
      assert.match(stderr, names)
    } finally {
      await lab.type(startingRules.map((rule) => `kubectl apply -f manifests/${rule}`).join('\n'))
    }
  })

test.after(() => lab.close())
test.run()
