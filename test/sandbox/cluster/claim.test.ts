import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { claim, release } from '../../../lib/sandbox/cluster/claim.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { suite } from '../../support/suite.ts'

const test = suite('claim of a folder')

test('the first has it, and leaves nothing behind when it gives it back', () => {
  const folder = temporaryFolder()
  assert.ok(claim(folder))
  assert.equal(readdirSync(folder), ['pid'])
  assert.is(readFileSync(join(folder, 'pid'), 'utf8'), String(process.pid))
  release(folder)
  assert.equal(readdirSync(folder), [])
})

const stale: [title: string, text: string][] = [
  ['a process that is gone', '4194999'],
  ['another program that was given the same id', String(process.ppid)],
  ['nobody, for it is empty', ''],
  ['nobody, for it is no number', 'nonsense'],
]
for (const [title, text] of stale)
  test(`it is taken over from ${title}`, () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'pid'), text)
    assert.ok(claim(folder))
    assert.equal(readdirSync(folder), ['pid'])
  })

test('what another has meanwhile is not given back', () => {
  const folder = temporaryFolder()
  assert.ok(claim(folder))
  writeFileSync(join(folder, 'pid'), '1')
  release(folder)
  assert.ok(existsSync(join(folder, 'pid')))
})

test('a folder that is gone needs no giving back', () => {
  release(join(temporaryFolder(), 'gone'))
})

test.run()
