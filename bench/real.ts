/**
 * The whole lesson by all.ts against the lesson's own commands in plain bash, on real kind clusters, in turns: each run
 * from no cluster to the last route. Bash waits with kubectl's own waits and then with curl until ten visits agree; the
 * proofs of all.ts are included in its time. To reach: at most 1.05 as the median of five pairs. Then how waiting
 * compares with `kubectl wait` (bench/waiting.ts); `--pairs 0` measures only that.
 *
 *   npm run bench:real [-- --pairs N]
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type RealLab, realLab, succeeds } from '../test/real/lab.ts'
import { whereItRan, writePart } from '../test/real/verified.ts'
import { median, table, timed } from './measure.ts'
import { benchWaiting } from './waiting.ts'

const AT_MOST = 1.05

/** After which command bash looks at the page, and what it must see ten times in a row. */
const looks: readonly [command: string, look: string][] = [
  ['manifests/bookinfo-gateway.yaml', 'agree .'],
  ['manifests/virtual-service-all-v1.yaml', 'agree v1'],
  ['kubectl patch vs reviews', 'agree v3'],
  [
    'manifests/virtual-service-reviews-test-v2.yaml',
    'curl -s -o /dev/null -c "$jar" -e "$page" -d username=jason "$login"; agree v1; agree v2 -b "$jar"',
  ],
]

/** agree VERSION [CURL OPTION ...]: visits the page until ten in a row were answered by that version of reviews. */
const head = (page: string, jar: string) => `
page=${page} login=${new URL('login', page)} jar=${jar}
agree() {
  local version=$1 n=0; shift
  while [ $n -lt 10 ]; do
    if curl -s -m 10 "$@" "$page" | grep -q "reviews-$version"; then n=$((n + 1)); else n=0; sleep 0.05; fi
  done
}
`

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '5' } } })
const pairs = Number(values.pairs)
const rows: (readonly [number, number])[] = []
for (let pair = 0; pair < pairs; pair++) {
  const typed = await onNewCluster(inBash)
  const script = await onNewCluster(byScript)
  rows.push([typed, script])
  console.log(
    `pair ${pair + 1}: bash ${seconds(typed)}, all.ts ${seconds(script)}, ratio ${(script / typed).toFixed(3)}`,
  )
  // After each pair: a run that is cut off has still measured some.
  report()
}
const waits = await onNewCluster(benchWaiting)
writePart('Waiting beside `kubectl wait`, `npm run bench:real`', `${whereItRan()}\n\n${waits}`)
console.log(waits)

function report(): void {
  const ratio = median(rows.map(([typed, script]) => script / typed))
  const result = `Median ratio of ${rows.length} pairs: ${ratio.toFixed(3)} (to reach: at most ${AT_MOST}).`
  writePart(
    'Against typing, `npm run bench:real`',
    `${result}\n\n${whereItRan()}\n\n${table(
      ['pair', 'bash', 'all.ts', 'ratio'],
      rows.map(([typed, script], i) => [i + 1, seconds(typed), seconds(script), (script / typed).toFixed(3)]),
    )}`,
  )
  console.log(result)
}

async function onNewCluster<T>(work: (lab: RealLab) => Promise<T>): Promise<T> {
  const lab = await realLab()
  try {
    return await work(lab)
  } finally {
    await lab.close()
  }
}

async function byScript(lab: RealLab): Promise<number> {
  return timed(() => succeeds(lab.script('all.ts', ...lab.target)))
}

async function inBash(lab: RealLab): Promise<number> {
  const { stdout } = await lab.script('all.ts', '--print', ...lab.target)
  const lines = stdout.split('\n').flatMap((line) => {
    const look = looks.find(([command]) => line.startsWith('kubectl') && line.includes(command))
    return look ? [line, look[1]] : [line]
  })
  const file = join(lab.home, 'lesson.sh')
  writeFileSync(file, [lines[0], head(lab.page, join(lab.home, 'jar')), ...lines.slice(1)].join('\n'))
  return timed(() => succeeds(lab.program('bash', file)))
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
