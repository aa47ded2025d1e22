import * as assert from 'uvu/assert'
import { picture, progressBar } from '../../lib/tools/progress.ts'
import { suite } from '../support/suite.ts'

const test = suite('progress')

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) > 0 }
}

test('the bar is half full half-way', () => {
  assert.is(picture(25e6, 50e6), `${'█'.repeat(15)}${'░'.repeat(15)}  50 %  25.0 / 50.0 MB`)
})

test('more than was announced is not more than all', () => {
  assert.match(picture(60e6, 50e6), /^█{30} 100 %/)
})

test('without a total only what has come is told', () => {
  assert.is(picture(1_234_567, undefined), '1.2 MB')
})

test('a terminal sees one line that is drawn again and taken away', () => {
  const stream = terminal(true)
  const bar = progressBar('kind 0.22.0', stream as never)
  bar.show(1, 10)
  bar.show(10, 10)
  bar.clear()
  assert.is(stream.written.length, 3)
  assert.ok(stream.written.every((text) => text.startsWith('\r\x1b[K') && !text.includes('\n')))
  assert.match(stream.written[1] ?? '', /kind 0\.22\.0 .*100 %/)
})

test('a pipe sees nothing', () => {
  const stream = terminal(false)
  const bar = progressBar('kind 0.22.0', stream as never)
  bar.show(10, 10)
  bar.clear()
  assert.equal(stream.written, [])
})

test.run()
