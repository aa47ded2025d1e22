import * as assert from 'uvu/assert'
import { nextTime } from '../../../../lib/sandbox/controllers/jobs/schedule.ts'
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

test.run()
