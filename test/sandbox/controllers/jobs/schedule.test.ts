import * as assert from 'uvu/assert'
import { nextTime, timestampIn } from '../../../../lib/sandbox/controllers/jobs/schedule.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('schedules')

const rows: readonly [schedule: string, after: string, next: string | undefined][] = [
  ['* * * * *', '2024-01-01T00:00:30Z', '2024-01-01T00:01:00Z'],
  ['*/15 * * * *', '2024-01-01T00:50:00Z', '2024-01-01T01:00:00Z'],
  ['5,10-12 3 * * *', '2024-01-01T03:10:00Z', '2024-01-01T03:11:00Z'],
  ['0 12 * * mon-fri', '2024-01-06T00:00:00Z', '2024-01-08T12:00:00Z'],
  ['0 0 13 * 5', '2024-01-10T00:00:00Z', '2024-01-12T00:00:00Z'],
  ['0 0 29 feb *', '2025-01-01T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['0 0 31 feb *', '2024-01-01T00:00:00Z', undefined],
  ['@hourly', '2024-01-01T00:00:00Z', '2024-01-01T01:00:00Z'],
  ['@every 1h30m', '2024-01-01T00:00:00Z', '2024-01-01T01:30:00Z'],
]

for (const [schedule, after, next] of rows)
  test(`${schedule} after ${after} is ${next ?? 'never'}`, () => {
    const found = nextTime(schedule, new Date(after))
    assert.is(found?.getTime(), next && Date.parse(next))
  })

/** Clocks in Berlin are put forward on 31 March 2024 at 2, back on 27 October at 3. */
const inBerlin: readonly [schedule: string, after: string, next: string, shown: string][] = [
  ['0 12 * * *', '2024-01-01T00:00:00Z', '2024-01-01T11:00:00Z', '2024-01-01T12:00:00+01:00'],
  ['0 12 * * *', '2024-07-01T10:00:00Z', '2024-07-02T10:00:00Z', '2024-07-02T12:00:00+02:00'],
  ['0 0 * * *', '2024-03-30T23:30:00Z', '2024-03-31T22:00:00Z', '2024-04-01T00:00:00+02:00'],
  ['@hourly', '2024-10-27T01:00:00Z', '2024-10-27T02:00:00Z', '2024-10-27T03:00:00+01:00'],
]

for (const [schedule, after, next, shown] of inBerlin)
  test(`${schedule} in Berlin after ${after} is ${shown}`, () => {
    const found = nextTime(schedule, new Date(after), 'Europe/Berlin') as Date
    assert.is(found.toISOString(), next.replace('Z', '.000Z'))
    assert.is(timestampIn(found, 'Europe/Berlin'), shown)
  })

test('where no zone is named times are written as those of UTC', () => {
  assert.is(timestampIn(new Date('2024-07-01T10:00:00Z')), '2024-07-01T10:00:00Z')
})

test.run()
