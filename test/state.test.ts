import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import {
  currentLab,
  forgetLab,
  type LabRecord,
  labFolder,
  labOf,
  lockFile,
  projectFolder,
  recordLab,
  stateFolder,
} from '../lib/state.ts'
import { failureOf } from './support/failures.ts'
import { temporaryFolder } from './support/folder.ts'
import { suite } from './support/suite.ts'

const test = suite('state')

let home = ''
test.before.each(() => {
  home = temporaryFolder()
  process.env.LAB_HOME = home
})

const kind: LabRecord = { target: 'kind', name: 'kind', port: 8080, made: { cluster: 'done', istio: 'begun' } }
const sandbox: LabRecord = { target: 'sandbox', name: 'kind', port: 8081, made: {} }

test('nothing is known before the first run', () => {
  assert.is(currentLab(), undefined)
  assert.is(labOf(kind), undefined)
})

test('what was recorded is known again, and is the lab to go on with', () => {
  recordLab(kind)
  assert.equal(labOf({ target: 'kind', name: 'kind' }), kind)
  assert.equal(currentLab(), kind)
})

test('labs of one name on two targets are kept apart', () => {
  recordLab(kind)
  recordLab(sandbox)
  assert.equal(labOf(kind), kind)
  assert.equal(currentLab(), sandbox)
})

test('a lab that is forgotten is not gone on with, and others stay', () => {
  recordLab(kind)
  recordLab(sandbox)
  forgetLab(sandbox)
  assert.is(currentLab(), undefined)
  assert.equal(labOf(kind), kind)
  forgetLab(sandbox)
})

test('forgetting another lab than the current one leaves that as it is', () => {
  recordLab(sandbox)
  recordLab(kind)
  forgetLab(sandbox)
  assert.equal(currentLab(), kind)
})

test('files are written whole: nothing lies beside them', () => {
  for (let i = 0; i < 3; i++) recordLab(kind)
  assert.equal(readdirSync(home).sort(), ['current.json', 'labs'])
  assert.equal(readdirSync(join(home, 'labs')), ['kind-kind.json'])
})

test('what is recorded is for nobody else to read', () => {
  recordLab(kind)
  assert.is(statSync(join(home, 'current.json')).mode & 0o777, 0o600)
  assert.is(statSync(join(home, 'labs')).mode & 0o777, 0o700)
})

const damages = ['', '{"target":"ki', 'null garbage']
for (const text of damages)
  test(`a damaged record (${JSON.stringify(text)}) is named, with what sets it aside`, async () => {
    recordLab(kind)
    const file = join(home, 'labs', 'kind-kind.json')
    writeFileSync(file, text)
    const failure = await failureOf(() => labOf(kind))
    assert.is(failure.message, `the state ${file} is damaged`)
    assert.is(failure.mend, `mv ${file} ${file}.damaged`)
  })

const names = ['../../etc', 'a/b', 'arn:aws:eks:eu-west-1:1:cluster/x', 'имя']
for (const name of names)
  test(`the name "${name}" leads nowhere else`, () => {
    const lab: LabRecord = { target: 'context', name, port: 8080, made: {} }
    recordLab(lab)
    assert.equal(labOf(lab), lab)
    assert.is(dirname(labFolder('context', name)), home)
    assert.is(dirname(lockFile(lab)), join(home, 'labs'))
  })

test('a state folder that cannot be written is not passed over', () => {
  if (process.getuid?.() === 0) {
    // Root may write anywhere but into a file.
    process.env.LAB_HOME = join(home, 'a file', 'below')
    writeFileSync(join(home, 'a file'), '')
  } else {
    mkdirSync(join(home, 'labs'))
    chmodSync(join(home, 'labs'), 0o500)
  }
  assert.throws(() => recordLab(kind), /ENOTDIR|EACCES/)
})

test('the state folder is .lab of the project where LAB_HOME names none', () => {
  delete process.env.LAB_HOME
  assert.is(stateFolder(), join(projectFolder, '.lab'))
})

test.run()
