import { execFileSync } from 'node:child_process'
import * as assert from 'uvu/assert'
import { quote, sh } from '../lib/sh.ts'
import { suite } from './support/suite.ts'

const test = suite('sh')

test('a command is what a student would type', () => {
  assert.is(String(sh`kubectl get vs reviews -o yaml`), 'kubectl get vs reviews -o yaml')
})

test('quotes and braces of the lesson stay as they are', () => {
  assert.is(
    String(sh`kubectl patch vs reviews -p '{"spec":{"http":[]}}'`),
    `kubectl patch vs reviews -p '{"spec":{"http":[]}}'`,
  )
})

test('what is put in becomes one word, an array several', () => {
  assert.is(String(sh`kubectl get ${'pod'} -n ${'my space'}`), `kubectl get pod -n 'my space'`)
  assert.is(
    String(sh`kubectl wait ${['deploy/a', 'deploy/b']} --timeout=5s`),
    'kubectl wait deploy/a deploy/b --timeout=5s',
  )
})

test('nothing put in leaves no double blank', () => {
  assert.is(String(sh`kind create cluster ${[]} --config=-`), 'kind create cluster --config=-')
})

test('standard input is shown as a here-document', () => {
  assert.is(
    String(sh`kind create cluster --config=-`.with('kind: Cluster\n')),
    "kind create cluster --config=- <<'EOF'\nkind: Cluster\nEOF",
  )
})

test('giving a command its input leaves the first one as it was', () => {
  const command = sh`cat`
  command.with('x')
  assert.is(command.stdin, undefined)
  assert.is(String(command), 'cat')
})

const words = [
  'plain',
  'a b',
  "it's",
  '$HOME',
  '`id`',
  '"x"',
  '',
  'a\nb',
  '*',
  '!',
  '\\',
  '{{.State.Running}}',
  'имя',
  '~',
]
for (const word of words)
  test(`the shell reads ${JSON.stringify(word)} back as it was`, () => {
    assert.is(execFileSync('sh', ['-c', `printf %s ${quote(word)}`], { encoding: 'utf8' }), word)
  })

test.run()
