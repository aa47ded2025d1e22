import * as assert from 'uvu/assert'
import { checks, mustPass } from '../../lib/doctor/checks.ts'
import type { CheckId } from '../../lib/doctor/finding.ts'
import { en } from '../../lib/words/en.ts'
import { failureOf } from '../support/failures.ts'
import { examinationOf } from '../support/machine.ts'
import { suite } from '../support/suite.ts'

const test = suite('checks')

test('a machine that is ready passes all of them', async () => {
  for (const target of ['kind', 'sandbox'] as const)
    for (const { id, examine } of checks) {
      const finding = await examine(examinationOf({}, { target }))
      if (id !== 'context') assert.ok(!finding || finding.verdict === 'ok', `${id}: ${finding?.what}`)
    }
})

test('each has a title, and each title its check', () => {
  const ids = new Set(checks.map(({ id }) => id))
  assert.equal([...ids].sort(), Object.keys(en.doctor.titles).sort())
})

test('the sandbox needs nothing of Docker or the tools', () => {
  const needed = checks.filter(({ for: targets }) => targets.includes('sandbox')).map(({ id }) => id)
  assert.equal(needed, ['node', 'ports', 'proxy'])
})

test('what keeps a script from starting is told with its cause and its mending, and exit code 3', async () => {
  const examination = examinationOf({ holders: { 8443: 'nginx (process 7)' } })
  const { message, seen, mend, exitCode } = await failureOf(() => mustPass(['docker', 'ports'], examination))
  assert.is(message, 'port 8443 of this machine is taken')
  assert.is(seen, 'held by nginx (process 7)')
  assert.match(mend ?? '', /--port 8090/)
  assert.is(exitCode, 3)
})

test('of several, the first in the order of the list is told', async () => {
  const engine = { ok: false, reason: 'not running', detail: 'no socket' } as const
  const { message } = await failureOf(() => mustPass(['kubectl', 'docker'], examinationOf({ engine, tools: {} })))
  assert.match(message, /Docker cannot be used/)
})

test('a warning keeps no script from starting', async () => {
  const ids: CheckId[] = ['inotify', 'registries', 'proxy']
  await mustPass(ids, examinationOf({ inotify: [8192, 128], silent: ['auth.docker.io'] }))
})

test('what another target needs is not asked', async () => {
  await mustPass(['docker', 'ports'], examinationOf({ holders: { 8080: 'nginx' } }, { target: 'sandbox' }))
})

test.run()
