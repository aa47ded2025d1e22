/** How soon the sandbox's process answers, what it takes, and how soon a script answers `--help`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../lib/state.ts'
import { type SandboxLab, sandboxLab } from '../test/support/sandbox-lab.ts'
import { connect } from './client.ts'
import { median, residentMegabytes, run, table, timed } from './measure.ts'

const ROUNDS = 5

export async function benchStart(): Promise<void> {
  const lab = await sandboxLab()
  try {
    await lab.prepare('destination-rule-all.yaml', 'virtual-service-all-v1.yaml')
    const memory = residentMegabytes(pidOf(lab))
    const starts: number[] = []
    const helps: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      starts.push(await firstAnswer(lab))
      helps.push(await timed(() => run('./scripts/01-install.ts', ['--help'], lab.env)))
    }
    console.log('\nStart and size, median of %d\n', ROUNDS)
    console.log(
      table(
        ['', ''],
        [
          ['first answer after the process was started', `${median(starts).toFixed(0)} ms`],
          ['a script answers --help', `${median(helps).toFixed(0)} ms`],
          ["the process's memory with the lesson in it", `${memory.toFixed(0)} MB`],
          ['the same, started again', `${residentMegabytes(pidOf(lab)).toFixed(0)} MB`],
        ],
      ),
    )
  } finally {
    await lab.close()
  }
}

function folderOf({ home, name }: SandboxLab): string {
  return join(home, 'sandbox', name)
}

function pidOf(lab: SandboxLab): number {
  return Number(readFileSync(join(folderOf(lab), 'pid'), 'utf8'))
}

/** Ends the process, starts it again, and asks until it answers. */
async function firstAnswer(lab: SandboxLab): Promise<number> {
  const folder = folderOf(lab)
  process.kill(pidOf(lab), 'SIGTERM')
  while (existsSync(join(folder, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 10))
  const main = join(projectFolder, 'dist', 'sandbox', 'main.js')
  return timed(async () => {
    const child = spawn(process.execPath, [main, folder], { env: lab.env, stdio: 'ignore', detached: true })
    await once(child, 'spawn')
    child.unref()
    const client = connect(join(folder, 'kubeconfig'))
    for (;;) {
      const answered = await client.send('GET', '/version').then(
        () => true,
        () => false,
      )
      if (answered) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    client.close()
  })
}
