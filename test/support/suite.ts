/**
 * uvu's suite, with its tests counted: uvu itself is content when a file registers nothing, forgets `.run()`,
 * or breaks in a hook. Each process leaves its counts where test/run.ts told it to.
 */
import { writeFileSync } from 'node:fs'
import { type Callback, suite as uvuSuite } from 'uvu'

export interface Counts {
  registered: number
  passed: number
  failed: number
  skipped: number
}

const counts: Counts = { registered: 0, passed: 0, failed: 0, skipped: 0 }

process.on('exit', () => {
  const file = process.env.TEST_COUNTS
  if (file) writeFileSync(file, JSON.stringify(counts))
})

type Hook = (hook: () => unknown) => void

export interface Suite {
  (title: string, body: () => unknown): void
  /** Counts the test as skipped and says why; only for what the machine lacks. */
  skip: (title: string, why: string) => void
  before: Hook & { each: Hook }
  after: Hook & { each: Hook }
  run: () => void
}

export function suite(name: string): Suite {
  const inner = uvuSuite(name)
  let broken = false
  /** uvu swallows what most hooks throw. */
  const counting = (add: Hook) => (hook: () => unknown) =>
    add(async () => {
      try {
        await hook()
      } catch (error) {
        if (!broken) counts.failed++
        broken = true
        console.error(`a hook of ${name} failed:`, error)
        throw error
      }
    })
  const counted = (title: string, body: () => unknown) => {
    counts.registered++
    const run: Callback = async () => {
      try {
        await body()
        counts.passed++
      } catch (error) {
        counts.failed++
        throw error
      }
    }
    inner(title, run)
  }
  return Object.assign(counted, {
    skip(title: string, why: string) {
      counts.registered++
      counts.skipped++
      console.log(`skipped: ${name}: ${title} (${why})`)
    },
    before: Object.assign(counting(inner.before as Hook), { each: counting(inner.before.each as Hook) }),
    after: Object.assign(counting(inner.after as Hook), { each: counting(inner.after.each as Hook) }),
    run: () => inner.run(),
  })
}
