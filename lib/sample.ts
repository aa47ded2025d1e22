/** Many visits, counted: the arithmetic behind a proof. Pure but for the visits themselves, which are passed in. */
import { labelOf, shows, type Version, type Visit, type Visitor } from './page.ts'
import type { Words } from './words/en.ts'

/** Visits in a row that must agree before a change counts as arrived. */
export const ARRIVAL_VISITS = 10

/**
 * Visits of a verdict, for each visitor. A rule that sends 10 % elsewhere passes 50 visits less than once in 100
 * (0.9 ** 50 = 0.5 %).
 */
export const SAMPLE_VISITS = 50

/**
 * Visits within which three versions, evenly spread, are all seen but for once in 10,000:
 * the chance to miss one is at most 3 * (2/3) ** n, which is under 0.0001 from n = 26 on.
 */
export const ALL_THREE_VISITS = 26

/** Visits under way at once: it costs a fraction of a second, and does not crowd a small machine. */
const AT_ONCE = 8

export interface Expectation {
  visitor: Visitor
  version: Version
}

export type Visiting = (visitor: Visitor) => Promise<Visit>

/** How often each visitor saw what. */
export type Tally = Map<string, Map<string, number>>

/** Visits of all visitors, interleaved; a fixed number each, and never a second chance. */
export async function sample(
  visitors: readonly Visitor[],
  visits: number,
  visiting: Visiting,
  words: Words,
): Promise<Tally> {
  const tally: Tally = new Map(visitors.map(({ name }) => [name, new Map()]))
  const queue = Array.from({ length: visits }, () => visitors)
    .flat()
    .values()
  const worker = async () => {
    for (const visitor of queue) count(tally, visitor.name, labelOf(await visiting(visitor), words))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return tally
}

/** True when every visitor, `ARRIVAL_VISITS` times in a row, sees what is expected; false at the first who does not. */
export async function arrived(expectations: readonly Expectation[], visiting: Visiting): Promise<boolean> {
  for (let round = 0; round < ARRIVAL_VISITS; round++) {
    const seen = await Promise.all(expectations.map(({ visitor }) => visiting(visitor)))
    if (!expectations.every(({ version }, i) => shows(seen[i] ?? {}, version))) return false
  }
  return true
}

/** True when no visit disagrees with what is expected of its visitor. */
export function agrees(tally: Tally, expectations: readonly Expectation[]): boolean {
  return expectations.every(({ visitor, version }) => {
    const seen = tally.get(visitor.name)
    return seen !== undefined && seen.size === 1 && seen.has(version)
  })
}

/** `v1 x4, v3 x6` */
export function describeSeen(seen: ReadonlyMap<string, number>): string {
  return [...seen]
    .sort()
    .map(([label, times]) => `${label} x${times}`)
    .join(', ')
}

function count(tally: Tally, visitor: string, label: string): void {
  const seen = tally.get(visitor) ?? new Map<string, number>()
  seen.set(label, (seen.get(label) ?? 0) + 1)
  tally.set(visitor, seen)
}
