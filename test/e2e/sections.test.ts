/** One section at a time, in the wrong order and in the right one. */
import * as assert from 'uvu/assert'
import { clockSetBack } from '../support/clock.ts'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('one section at a time')
const lab = await sandboxLab()

const tooEarly: readonly [script: string, first: string][] = [
  ['02-deploy.ts', './scripts/01-install.ts'],
  ['03-version-route.ts', './scripts/01-install.ts'],
  ['04-user-route.ts', './scripts/01-install.ts'],
]

for (const [script, first] of tooEarly)
  test(`${script} before there is a cluster says which script comes first`, async () => {
    const { code, stderr } = await lab.script(script, '--target', 'sandbox', '--name', lab.name)
    assert.is(code, 1)
    assert.match(stderr, first)
  })

test('01-install.ts makes the cluster of the name and port asked for', async () => {
  const { code, stdout, stderr } = await lab.script(
    '01-install.ts',
    ...['--target', 'sandbox', '--name', lab.name, '--port', String(lab.port)],
  )
  assert.is(code, 0, stderr)
  assert.match(stdout, `hostPort: ${lab.port}`)
  assert.match(stdout, './scripts/02-deploy.ts')
})

test('03-version-route.ts before Bookinfo names 02-deploy.ts, and changes nothing', async () => {
  const { code, stderr } = await lab.script('03-version-route.ts')
  assert.is(code, 1)
  assert.match(stderr, './scripts/02-deploy.ts')
  assert.is((await lab.type('kubectl get dr,vs -o name')).stdout, '')
})

test('02-deploy.ts goes on with the choice of the first', async () => {
  const { code, stdout, stderr } = await lab.script('02-deploy.ts')
  assert.is(code, 0, stderr)
  assert.match(stdout, lab.page)
})

test('04-user-route.ts before the destination rules names 03-version-route.ts', async () => {
  const { code, stderr } = await lab.script('04-user-route.ts')
  assert.is(code, 1)
  assert.match(stderr, './scripts/03-version-route.ts')
})

test('03-version-route.ts routes by version', async () => {
  const { code, stderr } = await lab.script('03-version-route.ts')
  assert.is(code, 0, stderr)
})

test('a clock that is set back by an hour in the middle keeps nothing waiting', async () => {
  const script = [process.execPath, '--import', 'tsx', 'scripts/03-version-route.ts']
  const { code, stderr } = await lab.program('env', clockSetBack, ...script)
  assert.is(code, 0, stderr)
})

test('04-user-route.ts routes by user, in Russian', async () => {
  const { code, stdout, stderr } = await lab.script('04-user-route.ts', '--lang', 'ru')
  assert.is(code, 0, stderr)
  assert.match(stdout, /jason видит v2/)
})

test('02-deploy.ts again shows all three versions, though routes were there', async () => {
  const { code, stdout, stderr } = await lab.script('02-deploy.ts')
  assert.is(code, 0, stderr)
  assert.match(stdout, 'all three versions are seen')
})

test.after(() => lab.close())
test.run()
