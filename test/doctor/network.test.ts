import * as assert from 'uvu/assert'
import { proxy, registries } from '../../lib/doctor/network.ts'
import { examinationOf } from '../support/machine.ts'
import { suite } from '../support/suite.ts'

const test = suite('network')

const address = 'http://proxy.example:3128'

const environments: [title: string, env: NodeJS.ProcessEnv, verdict: string][] = [
  ['no proxy', {}, 'ok'],
  ['a proxy that is asked for everything', { HTTP_PROXY: address }, 'warn'],
  ['the same in small letters', { https_proxy: address }, 'warn'],
  ['a proxy that leaves out this machine', { HTTP_PROXY: address, NO_PROXY: 'localhost, 127.0.0.1' }, 'ok'],
  ['a proxy that leaves out half of it', { HTTP_PROXY: address, no_proxy: 'localhost' }, 'warn'],
  ['a proxy that is never asked', { HTTP_PROXY: address, NO_PROXY: '*' }, 'ok'],
]
for (const [title, env, verdict] of environments)
  test(`${title}: ${verdict}`, async () => {
    assert.is((await proxy(examinationOf({ env }))).verdict, verdict)
  })

test('the mending keeps what is left out already', async () => {
  const { mend } = await proxy(examinationOf({ env: { HTTP_PROXY: address, NO_PROXY: '10.0.0.0/8,localhost' } }))
  assert.is(mend, 'export NO_PROXY=10.0.0.0/8,localhost,127.0.0.1')
})

test("the proxy's password is not told", async () => {
  const { what } = await proxy(examinationOf({ env: { HTTP_PROXY: 'http://anna:secret@proxy.example:3128' } }))
  assert.match(what, 'http://proxy.example:3128')
  assert.not.match(what, 'secret')
})

test('a registry that does not answer is named', async () => {
  const { verdict, what } = await registries(examinationOf({ silent: ['auth.docker.io'] }))
  assert.is(verdict, 'warn')
  assert.is(what, 'no answer from auth.docker.io')
})

test('behind a proxy that is the likely cause', async () => {
  const { why } = await registries(examinationOf({ silent: ['auth.docker.io'], env: { HTTPS_PROXY: address } }))
  assert.match(why ?? '', /not through the proxy/)
})

test.run()
