/** The whole lesson by all.ts against the same commands in plain bash (`--print`), in turns, each in a fresh sandbox. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SandboxLab, sandboxLab } from '../test/support/sandbox-lab.ts'
import { median, run, table, timed } from './measure.ts'

const PAIRS = 3

export async function benchLesson(): Promise<void> {
  const times = { typed: [] as number[], first: [] as number[], second: [] as number[] }
  for (let pair = 0; pair < PAIRS; pair++) {
    times.typed.push(await inFreshSandbox(typedLesson))
    await inFreshSandbox(async (lab) => {
      times.first.push(await timed(() => script(lab, 'all.ts')))
      times.second.push(await timed(() => script(lab, 'all.ts')))
      return 0
    })
  }
  const base = median(times.typed)
  const row = (what: string, values: readonly number[]) => [
    what,
    (median(values) / 1000).toFixed(2),
    (median(values) / base).toFixed(2),
  ]
  console.log('\nThe lesson in the sandbox, median of %d pairs\n', PAIRS)
  console.log(
    table(
      ['', 'seconds', 'ratio'],
      [
        row('typed in bash', times.typed),
        row('all.ts, proofs included', times.first),
        row('all.ts again', times.second),
      ],
    ),
  )
}

async function inFreshSandbox(work: (lab: SandboxLab) => Promise<number>): Promise<number> {
  const lab = await sandboxLab()
  try {
    return await work(lab)
  } finally {
    await lab.close()
  }
}

async function typedLesson(lab: SandboxLab): Promise<number> {
  const printed = await lab.script('all.ts', '--print', ...target(lab))
  const file = join(lab.home, 'lesson.sh')
  writeFileSync(file, printed.stdout)
  // The environment is made before, as a student's shell is open before the first line is typed.
  const env = {
    ...lab.env,
    ...JSON.parse((await lab.type(`exec ${process.execPath} -p 'JSON.stringify(process.env)'`)).stdout),
  }
  return timed(() => run('bash', [file], env))
}

async function script(lab: SandboxLab, name: string): Promise<void> {
  const { code, stderr } = await lab.script(name, ...target(lab))
  if (code !== 0) throw new Error(stderr)
}

function target({ name, port }: SandboxLab): string[] {
  return ['--target', 'sandbox', '--name', name, '--port', String(port)]
}
