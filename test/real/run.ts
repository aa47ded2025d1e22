/**
 * The lesson's stories on a real kind cluster, on whatever Docker is there. All of them take about half an hour and
 * write docs/verified.md; `--short` tells the chain, one interruption and one sabotage, in a few minutes; words choose
 * stories by their titles, whose rows are written anew. The cluster has a name and ports of its own, and is deleted in the end.
 *
 *   npm run test:real [-- --short] [WORD ...]
 */
import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { images } from './images.ts'
import { interruption, interruptions } from './interruptions.ts'
import { realLab } from './lab.ts'
import { again, bySection, cleanUp, cleanUpAll, inOneGo } from './lesson.ts'
import { machineFaults } from './machine-faults.ts'
import { provisionStory } from './provision.ts'
import { sabotage } from './sabotage.ts'
import type { Story } from './story.ts'
import { readPart, whereItRan, writePart } from './verified.ts'

const provisioning: Story = {
  title: 'the virtual machine is made ready, twice, with a wrong checksum and a cut connection in between',
  tell: () => provisionStory(() => undefined),
}

/** In this order, on two clusters, one after the other. */
const stories: readonly Story[] = [
  inOneGo,
  again,
  ...sabotage,
  ...faults,
  ...machineFaults,
  ...images,
  cleanUp,
  ...bySection,
  cleanUpAll,
  ...interruptions,
  provisioning,
]

/** Of docs/verified.md. */
const PART = 'Stories of `npm run test:real`'

/** Where time is short: one interruption, the chain that goes on from there, one sabotage. */
const few: readonly Story[] = [interruption, inOneGo, ...sabotage.slice(0, 1)]

const { values, positionals: words } = parseArgs({
  options: { short: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const chosen = (values.short ? few : stories).filter(
  ({ title }) => words.length === 0 || words.some((word) => title.includes(word)),
)
const lab = await realLab()
// Ctrl-C ends the story that is being told as well: it has heard the same signal, and the cluster goes below.
let stopped = false
process.once('SIGINT', () => (stopped = true))
const rows: string[] = []
let failed = 0
try {
  for (const { title, tell } of chosen) {
    if (stopped) break
    const start = performance.now()
    const remarks: string[] = []
    const fault = await tell(lab, (text) => remarks.push(text)).then(
      () => undefined,
      (error: Error) => error,
    )
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    if (fault) failed++
    console.log(`${fault ? 'FAIL' : 'ok  '} ${title}  ${seconds} s`)
    if (fault) console.log(fault.message.replace(/^/gm, '     '))
    for (const remark of remarks) console.log(`     ${remark}`)
    rows.push(`| ${title} | ${[fault ? 'FAILED' : 'passed', ...remarks].join(': ')} | ${seconds} |`)
    // After each story: a run that is cut off has still told some.
    if (!values.short) report()
  }
} finally {
  await lab.close()
}
console.log(chosen.length === 0 ? 'no story has such a title' : result())
process.exitCode = failed > 0 || stopped || chosen.length === 0 ? 1 : 0

function result(): string {
  return `${rows.length - failed} passed, ${failed} failed`
}

/** Stories that were chosen by words take the place of their own rows, in a table of the same machine and day. */
function report(): void {
  const before = words.length > 0 ? readPart(PART) : ''
  const kept = before.includes(whereItRan()) ? before.split('\n').filter((row) => /^\| .* \| [\d.]+ \|$/.test(row)) : []
  if (words.length > 0 && kept.length === 0) return
  const told = stories.flatMap(({ title }) => {
    const isOf = (row: string) => row.startsWith(`| ${title} | `)
    return rows.find(isOf) ?? kept.find(isOf) ?? []
  })
  const failures = told.filter((row) => row.includes(' | FAILED')).length
  const short = told.length === stories.length ? '' : ` (${told.length} of ${stories.length} were told)`
  const table = `| story | result | seconds |\n|---|---|---|\n${told.join('\n')}`
  writePart(PART, `${told.length - failures} passed, ${failures} failed${short}.\n\n${whereItRan()}\n\n${table}`)
}
