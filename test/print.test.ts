import * as assert from 'uvu/assert'
import { Failure, usage } from '../lib/failure.ts'
import { type Printer, printer, printFailure } from '../lib/print.ts'
import { sh } from '../lib/sh.ts'
import { en } from '../lib/words/en.ts'
import { ru } from '../lib/words/ru.ts'
import { printedBy } from './support/output.ts'
import { suite } from './support/suite.ts'

const test = suite('print')

/** What one call prints on standard output. */
async function said(call: (print: Printer) => void, how: { quiet?: boolean; verbose?: boolean } = {}): Promise<string> {
  const print = printer({ quiet: false, verbose: false, words: en, ...how })
  return (await printedBy(() => call(print))).stdout
}

const calls: { title: string; call: (print: Printer) => void; text: string; quiet: string }[] = [
  {
    title: 'a banner names the section and the place',
    call: (print) => print.banner('An Istio lesson', 'kind cluster "kind"', false),
    text: 'An Istio lesson  ·  kind cluster "kind"\n',
    quiet: '',
  },
  {
    title: 'a section has its number',
    call: (print) => print.section(3, 'Routing by version'),
    text: '\nSection 3. Routing by version\n',
    quiet: '',
  },
  {
    title: 'a command is shown as it is typed',
    call: (print) => print.command(sh`kind create cluster --config=-`.with('kind: Cluster')),
    text: "\n  $ kind create cluster --config=- <<'EOF'\n  kind: Cluster\n  EOF\n",
    quiet: '',
  },
  { title: 'output is set in', call: (print) => print.output('pod/x created'), text: '  pod/x created\n', quiet: '' },
  {
    title: 'a step that is left out says why',
    call: (print) => print.leftOut('Install Istio', 'this cluster brings its own Istio'),
    text: '\n– Install Istio. Left out: this cluster brings its own Istio\n',
    quiet: '',
  },
  {
    title: 'a verdict has its time, also with --quiet',
    call: (print) => print.done('only v1, no stars', 940),
    text: '  ✔ only v1, no stars  0.9 s\n',
    quiet: '  ✔ only v1, no stars  0.9 s\n',
  },
  {
    title: 'a note is never left out',
    call: (print) => print.note('the lesson runs in the sandbox'),
    text: 'the lesson runs in the sandbox\n',
    quiet: 'the lesson runs in the sandbox\n',
  },
  {
    title: 'the last lines stand in columns',
    call: (print) =>
      print.ending([
        ['Page', 'http://localhost:8080/productpage'],
        ['By hand', 'one\ntwo'],
      ]),
    text: '\nPage     http://localhost:8080/productpage\nBy hand  one\n         two\n',
    quiet: '\nPage     http://localhost:8080/productpage\nBy hand  one\n         two\n',
  },
]
for (const { title, call, text, quiet } of calls)
  test(title, async () => {
    assert.is(await said(call), text)
    assert.is(await said(call, { quiet: true }), quiet)
  })

test('a simulated place says so twice', async () => {
  const text = await said((print) => print.banner('An Istio lesson', 'sandbox "kind"', true))
  assert.match(text, /SIMULATED/)
  assert.match(text, 'no real Istio')
})

test('an explanation is broken into lines that fit', async () => {
  const text = await said((print) => print.step('A step', 'word '.repeat(60)))
  const lines = text.trimEnd().split('\n')
  assert.ok(lines.length > 3)
  for (const line of lines) assert.ok(line.length <= 100, line)
  assert.is(text.match(/word/g)?.length, 60)
})

test('details are for --verbose', async () => {
  const call = (print: Printer) => print.detail('waiting for pods')
  assert.is(await said(call), '')
  assert.is(await said(call, { verbose: true }), '  … waiting for pods\n')
})

const failure = new Failure('expected only v1', {
  seen: 'v1 x4, v3 x6\nand more',
  why: ['VirtualService reviews sends everyone to v3', 'something else'],
  mend: './scripts/03-version-route.ts',
  cause: new Error('the cause'),
})

test('a failure is told once, in columns, on standard error', async () => {
  const { result, stdout, stderr } = await printedBy(() => printFailure(failure, false, en))
  assert.equal([result, stdout], [1, ''])
  assert.is(
    stderr,
    [
      '',
      '✘ expected only v1',
      '  saw   v1 x4, v3 x6',
      '        and more',
      '  why   VirtualService reviews sends everyone to v3',
      '  why   something else',
      '  mend  ./scripts/03-version-route.ts',
      '',
    ].join('\n'),
  )
})

test('its columns are in the language of the run', async () => {
  const { stderr } = await printedBy(() => printFailure(failure, false, ru))
  assert.match(stderr, / {2}видно {6}v1 x4/)
  assert.match(stderr, / {2}исправить {2}\.\/scripts/)
})

test('--verbose shows the stack and every cause', async () => {
  const { stderr } = await printedBy(() => printFailure(failure, true, en))
  assert.match(stderr, /Failure: expected only v1\n {4}at /)
  assert.match(stderr, 'caused by Error: the cause')
})

test('a failure without details is one line, with its own exit code', async () => {
  const { result, stderr } = await printedBy(() => printFailure(usage('there is no step "x" here'), false, en))
  assert.equal([result, stderr], [2, '\n✘ there is no step "x" here\n'])
})

for (const thrown of [new TypeError('x is not a function'), 'plain words'])
  test(`a bug (${String(thrown)}) shows all there is`, async () => {
    const { result, stderr } = await printedBy(() => printFailure(thrown, false, en))
    assert.is(result, 1)
    assert.match(stderr, typeof thrown === 'string' ? 'plain words' : /TypeError: x is not a function\n {4}at /)
  })

test.run()
