/** Schedules as crontab writes them: `0 12 * * 1-5`, `@hourly`; times are UTC's, as in kind's control plane. */

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
  words?: readonly string[]
}

const fields: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, words: ['', ...months] },
  { least: 0, most: 6, words: days },
]

const MINUTE_MS = 60_000
/** Further than this no schedule is looked for: 29 February comes once in eight years at worst. */
const MOST_DAYS = 366 * 8

/** The next moment after this one; undefined where there is none. */
export function nextTime(schedule: string, after: Date): Date | undefined {
  const every = /^@every (.+)$/.exec(schedule)?.[1]
  if (every) return new Date(after.getTime() + durationMs(every))
  const parts = (names[schedule] ?? schedule).trim().split(/\s+/)
  const [minutes, hours, dates, monthsOf, weekdays] = parts.map((part, at) => valuesOf(part, fields[at] as Field)) as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ]
  const isAny = (at: number) => /^[*?]/.test(parts[at] ?? '')
  /** Where both a date and a weekday are named, either will do. */
  const isDay = (time: Date) => {
    const [date, weekday] = [dates.has(time.getUTCDate()), weekdays.has(time.getUTCDay())]
    return isAny(2) || isAny(4) ? date && weekday : date || weekday
  }
  let time = new Date(Math.floor(after.getTime() / MINUTE_MS) * MINUTE_MS + MINUTE_MS)
  const end = after.getTime() + MOST_DAYS * 24 * 60 * MINUTE_MS
  while (time.getTime() < end) {
    if (!monthsOf.has(time.getUTCMonth() + 1) || !isDay(time))
      time = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 1))
    else if (!hours.has(time.getUTCHours()))
      time = new Date(Math.floor(time.getTime() / (60 * MINUTE_MS)) * 60 * MINUTE_MS + 60 * MINUTE_MS)
    else if (!minutes.has(time.getUTCMinutes())) time = new Date(time.getTime() + MINUTE_MS)
    else return time
  }
  return undefined
}

/** `1,10-20/5` */
function valuesOf(text: string, { least, most, words }: Field): Set<number> {
  const number = (word: string) => {
    const named = words?.indexOf(word.toLowerCase()) ?? -1
    return named >= 0 ? named : Number(word)
  }
  return new Set(
    text.split(',').flatMap((part) => {
      const [range = '*', step] = part.split('/')
      const [first, last] = /^[*?]$/.test(range) ? [least, most] : range.split('-').map(number)
      const from = first as number
      const to = last ?? (step ? most : from)
      const by = Number(step ?? 1)
      return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, at) => from + at * by)
    }),
  )
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: MINUTE_MS, s: 1000 }

function durationMs(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)(h|m|s)/g)]
  return Math.max(
    1000,
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit as string] as number), 0),
  )
}
