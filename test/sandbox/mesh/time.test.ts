import { equal, rejects } from 'node:assert/strict'
import { pause, TIMED_OUT, within } from '../../../lib/sandbox/mesh/time.ts'
import { suite } from '../../support/suite.ts'

const test = suite('waiting with a limit')

test('gives what comes in time', async () => {
  equal(await within(10_000, Promise.resolve('a')), 'a')
  equal(await within(undefined, Promise.resolve('a')), 'a')
})

test('says when the time is over', async () => {
  equal(await within(1, new Promise<string>(() => {})), TIMED_OUT)
})

test('passes on what fails', async () => {
  await rejects(within(10_000, Promise.reject(new Error('no'))), /^Error: no$/)
})

test('a pause ends', async () => {
  equal(await pause(0), undefined)
})

test.run()
