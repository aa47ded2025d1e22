/**
 * Schedules as github.com/robfig/cron/v3 reads them: `0 12 * * 1-5`, `@hourly`, `@every 5m`; times are those of a zone,
 * and UTC's where none is named, as in kind's control plane.
 */

import { numError } from '../../go/strconv.ts'

const names: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const days = 'sun mon tue wed thu fri sat'.split(' ')

interface Field {
  least: number
  most: number
  /** That stand for its numbers, from the least one on. */
  words?: readonly string[]
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, words: months },
  { least: 0, most: 6, words: days },
]

interface Values {
  numbers: ReadonlySet<number>
  /** Whether it is left open, as `*` does. */
  isAny: boolean
}

interface Times {
  minutes: Values
  hours: Values
  dates: Values
  months: Values
  weekdays: Values
}

/** Why a text is no schedule, in the parser's words. */
class ScheduleError extends Error {}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
/** Further than this no schedule is looked for: 29 February comes once in eight years at worst. */
const MOST_DAYS = 366 * 8

/** What the server says of a text that is no schedule; undefined where it is one. */
export function scheduleError(text: string): string | undefined {
  try {
    read(text)
    return undefined
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error
    return error.message
  }
}

/** The next moment after this one; undefined where there is none. @throws ScheduleError */
export function nextTime(schedule: string, after: Date, zone = 'Etc/UTC'): Date | undefined {
  const times = read(schedule)
  if (typeof times === 'number')
    return new Date(Math.floor(after.getTime() / SECOND_MS) * SECOND_MS + times * SECOND_MS)
  let wall = onWall(after, zone)
  for (;;) {
    const next = nextOnWall(times, wall)
    if (!next) return undefined
    const time = fromWall(next, zone)
    if (time > after) return time
    // An hour that comes twice when clocks are put back is taken once.
    wall = next
  }
}

/** @param wall what a clock on the wall shows, as if that were UTC */
function nextOnWall(times: Times, wall: Date): Date | undefined {
  let time = new Date(Math.floor(wall.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS)
  const end = wall.getTime() + MOST_DAYS * 24 * 60 * MINUTE_MS
  while (time.getTime() < end) {
    if (!times.months.numbers.has(time.getUTCMonth() + 1) || !isDay(time, times))
      time = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 1))
    else if (!times.hours.numbers.has(time.getUTCHours()))
      time = new Date(Math.floor(time.getTime() / (60 * MINUTE_MS)) * 60 * MINUTE_MS + 60 * MINUTE_MS)
    else if (!times.minutes.numbers.has(time.getUTCMinutes())) time = new Date(time.getTime() + MINUTE_MS)
    else return time
  }
  return undefined
}

/** `2024-07-01T12:00:00+02:00` */
export function timestampIn(time: Date, zone = 'Etc/UTC'): string {
  const minutes = (onWall(time, zone).getTime() - Math.floor(time.getTime() / SECOND_MS) * SECOND_MS) / MINUTE_MS
  const two = (number: number) => String(Math.trunc(number)).padStart(2, '0')
  const away = Math.abs(minutes)
  const offset = minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${two(away / 60)}:${two(away % 60)}`
  return onWall(time, zone).toISOString().slice(0, 19) + offset
}

const wallParts = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const

function onWall(time: Date, zone: string): Date {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', second: 'numeric', ...wallParts })
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day, hour, minute, second } = parts
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

/** The second look is for days on which clocks are put forward or back. */
function fromWall(wall: Date, zone: string): Date {
  const guess = new Date(2 * wall.getTime() - onWall(wall, zone).getTime())
  return new Date(wall.getTime() - (onWall(guess, zone).getTime() - guess.getTime()))
}

/** Where both a date and a weekday are named, either will do. */
function isDay(time: Date, { dates, weekdays }: Times): boolean {
  const [date, weekday] = [dates.numbers.has(time.getUTCDate()), weekdays.numbers.has(time.getUTCDay())]
  return dates.isAny || weekdays.isAny ? date && weekday : date || weekday
}

/** Its times, or after how many seconds each comes. */
function read(text: string): Times | number {
  if (!text.startsWith('@')) return readTimes(text)
  const named = names[text]
  if (named !== undefined) return readTimes(named)
  const every = /^@every (.*)$/s.exec(text)?.[1]
  if (every === undefined) throw new ScheduleError(`unrecognized descriptor: ${text}`)
  return readSeconds(every)
}

function readTimes(text: string): Times {
  const parts = text.split(/\s+/).filter(Boolean)
  if (parts.length !== fields.length)
    throw new ScheduleError(`expected exactly ${fields.length} fields, found ${parts.length}: [${parts.join(' ')}]`)
  const [minutes, hours, dates, months, weekdays] = parts.map((part, at) => readField(part, fields[at] as Field)) as [
    Values,
    Values,
    Values,
    Values,
    Values,
  ]
  return { minutes, hours, dates, months, weekdays }
}

/** `1,10-20/5` */
function readField(text: string, field: Field): Values {
  const ranges = text
    .split(',')
    .filter(Boolean)
    .map((range) => readRange(range, field))
  return {
    numbers: new Set(ranges.flatMap(({ from, to, by }) => series(from, to, by))),
    isAny: ranges.some(({ isAny }) => isAny),
  }
}

interface Range {
  from: number
  to: number
  by: number
  isAny: boolean
}

function series(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, at) => from + at * by)
}

function readRange(text: string, field: Field): Range {
  const { least, most } = field
  const [range = '', step, ...furtherSteps] = text.split('/')
  const isOpen = /^[*?](?:-|$)/.test(range)
  const [from, to] = isOpen ? [least, most] : readBounds(range, field, text)
  const by = step === undefined || furtherSteps.length > 0 ? 1 : readNumber(step)
  // With a step, a single number begins a range.
  const end = step !== undefined && !range.includes('-') ? most : to
  const wrong =
    (furtherSteps.length > 0 && 'too many slashes') ||
    (from < least && `beginning of range (${from}) below minimum (${least})`) ||
    (end > most && `end of range (${end}) above maximum (${most})`) ||
    (from > end && `beginning of range (${from}) beyond end of range (${end})`) ||
    (by === 0 && 'step of range should be a positive number')
  if (wrong) throw new ScheduleError(`${wrong}: ${text}`)
  return { from, to: end, by, isAny: isOpen && by === 1 }
}

/** @param text the range with its step, which errors name */
function readBounds(range: string, { least, words }: Field, text: string): [from: number, to: number] {
  const number = (word: string) => {
    const named = words?.indexOf(word.toLowerCase()) ?? -1
    return named >= 0 ? least + named : readNumber(word)
  }
  const [first = '', last, ...further] = range.split('-')
  const from = number(first)
  if (further.length > 0) throw new ScheduleError(`too many hyphens: ${text}`)
  return [from, last === undefined ? from : number(last)]
}

/** Go has no number that is as large, nor a duration of as many nanoseconds. */
const BEYOND_INT64 = 2 ** 63

function readNumber(text: string): number {
  const wrong = !/^[-+]?\d+$/.test(text)
    ? 'invalid syntax'
    : Math.abs(Number(text)) >= BEYOND_INT64 && 'value out of range'
  if (wrong) throw new ScheduleError(`failed to parse int from ${text}: ${numError('Atoi', text, wrong)}`)
  const number = Number(text)
  if (number < 0) throw new ScheduleError(`negative number (${number}) not allowed: ${text}`)
  return number
}

const unitNs: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
])

/** Whole seconds of a duration as Go's time.ParseDuration reads it: `1h30m`; at least one. */
function readSeconds(text: string): number {
  const failed = (why: string) =>
    new ScheduleError(`failed to parse duration @every ${text}: time: ${why} duration ${JSON.stringify(text)}`)
  const [, sign, amounts = ''] = /^([-+]?)(.*)$/s.exec(text) as RegExpExecArray
  if (amounts === '') throw failed('invalid')
  let ns = 0
  for (let rest = amounts === '0' ? '' : amounts; rest !== ''; ) {
    const [part, amount, unit] = /^(\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? []
    if (part === undefined) throw failed('invalid')
    if (!unit) throw failed('missing unit in')
    const length = unitNs.get(unit)
    if (length === undefined) throw failed(`unknown unit ${JSON.stringify(unit)} in`)
    ns += Math.round(Number(amount) * length)
    if (ns >= BEYOND_INT64) throw failed('invalid')
    rest = rest.slice(part.length)
  }
  return sign === '-' ? 1 : Math.max(1, Math.floor(ns / 1e9))
}
