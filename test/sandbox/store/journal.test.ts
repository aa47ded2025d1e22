import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { openJournal } from '../../../lib/sandbox/store/journal.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { suite } from '../../support/suite.ts'

const test = suite('journal')

const map = (name: string, value = ''): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { value },
})

/** A store with its journal, as after a start. */
function opened(folder: string) {
  const store = new Store()
  return { store, journal: openJournal(folder, store) }
}

/** A program that writes until there is no room (a limit of file sizes stands in for a full disk), and once more. */
const fullDisk = (folder: string) => [process.execPath, join(import.meta.dirname, 'full-disk.ts'), folder]

const contents = (store: Store) => store.list('configmaps').map(({ metadata, data }) => [metadata.name, data.value])

test('brings back what was created, changed and removed, and goes on counting from there', () => {
  const folder = temporaryFolder()
  const { store } = opened(folder)
  store.create('configmaps', map('a', '1'))
  store.update('configmaps', map('a', '2'))
  store.create('configmaps', map('b'))
  store.remove('configmaps', 'b', 'default')
  const again = opened(folder).store
  assert.equal(contents(again), [['a', '2']])
  assert.is(again.revision, store.revision)
  assert.equal(again.get('configmaps', 'a', 'default'), store.get('configmaps', 'a', 'default'))
})

test('has every change on disk before anybody hears of it', () => {
  const folder = temporaryFolder()
  const { store } = opened(folder)
  store.watch(({ object }) =>
    assert.match(readFileSync(join(folder, 'journal'), 'utf8'), `"name":"${object.metadata.name}"`),
  )
  store.create('configmaps', map('a'))
})

test('restores what came before a last line that was cut off, and sets it aside', () => {
  const folder = temporaryFolder()
  const { store } = opened(folder)
  store.create('configmaps', map('a'))
  const size = readFileSync(join(folder, 'journal')).length
  store.create('configmaps', map('b'))
  truncateSync(join(folder, 'journal'), size + 20)
  const { store: again, journal } = opened(folder)
  assert.equal(contents(again), [['a', '']])
  assert.is(readFileSync(journal.damaged as string).length, size + 20)
  assert.is(opened(folder).journal.damaged, undefined)
})

test('sets a damaged journal aside, and restores what came before the damage', () => {
  const folder = temporaryFolder()
  const { store } = opened(folder)
  store.create('configmaps', map('a'))
  store.create('configmaps', map('b', 'precious'))
  store.create('configmaps', map('c'))
  const path = join(folder, 'journal')
  const damaged = readFileSync(path, 'utf8').replace('precious', 'previous')
  writeFileSync(path, damaged)
  const { store: again, journal } = opened(folder)
  assert.equal(contents(again), [['a', '']])
  assert.is(readFileSync(journal.damaged as string, 'utf8'), damaged)
})

test('takes a journal that was cut at the end of a line for a damaged one', () => {
  const folder = temporaryFolder()
  const { store, journal } = opened(folder)
  for (const name of ['a', 'b', 'c']) store.create('configmaps', map(name))
  journal.close()
  opened(folder).journal.close()
  const path = join(folder, 'journal')
  writeFileSync(path, readFileSync(path, 'utf8').replace(/.*"c".*\n$/, ''))
  const { store: again, journal: found } = opened(folder)
  assert.equal(contents(again), [
    ['a', ''],
    ['b', ''],
  ])
  assert.ok(found.damaged)
})

const nothing: [title: string, leave: (path: string) => void][] = [
  ['missing', (path) => rmSync(path)],
  ['empty', (path) => truncateSync(path)],
]
for (const [title, leave] of nothing)
  test(`tells that nothing was there where the file is ${title}`, () => {
    const folder = temporaryFolder()
    assert.ok(opened(folder).journal.isNew)
    assert.not(opened(folder).journal.isNew)
    leave(join(folder, 'journal'))
    assert.ok(opened(folder).journal.isNew)
  })

test('takes what is no journal for a damaged one', () => {
  const folder = temporaryFolder()
  appendFileSync(join(folder, 'journal'), 'something else\nand more\n')
  const { store, journal } = opened(folder)
  assert.ok(journal.damaged)
  assert.not(journal.isNew)
  assert.is(store.revision, 1)
})

test('is written anew when it has grown far beyond what it remembers', () => {
  const folder = temporaryFolder()
  const { store } = opened(folder)
  store.create('configmaps', map('a'))
  for (let i = 0; i < 5000; i++) store.update('configmaps', map('a', String(i)))
  const lines = readFileSync(join(folder, 'journal'), 'utf8').split('\n').length
  assert.ok(lines < 2500, `${lines} lines`)
  assert.equal(readdirSync(folder), ['journal'])
  const again = opened(folder).store
  assert.equal(contents(again), [['a', '4999']])
  assert.is(again.revision, store.revision)
})

test('is written anew when large objects have made it grow', () => {
  const folder = temporaryFolder()
  const { store } = opened(folder)
  const size = 1024 * 1024
  store.create('configmaps', map('a'))
  for (let i = 0; i < 70; i++) store.update('configmaps', map('a', String(i).padEnd(size)))
  const bytes = statSync(join(folder, 'journal')).size
  assert.ok(bytes < 10 * size, `${bytes} bytes`)
  assert.is(opened(folder).store.get('configmaps', 'a', 'default')?.data.value.trim(), '69')
})

test('where the disk is full a change is refused, and nothing of it is left to spoil the next', () => {
  const folder = temporaryFolder()
  const { stdout } = spawnSync('bash', ['-c', `ulimit -f 256; exec "$0" --import tsx "$1" "$2"`, ...fullDisk(folder)], {
    encoding: 'utf8',
  })
  const { answered, refused } = JSON.parse(stdout) as { answered: string[]; refused: string }
  assert.is(refused, 'EFBIG')
  assert.equal(answered.at(-1), 'small')
  const { store, journal } = opened(folder)
  assert.is(journal.damaged, undefined)
  assert.equal(
    contents(store).map(([name]) => name),
    answered.sort(),
  )
})

test.run()
