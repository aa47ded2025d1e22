/** Looks at this machine, tells what it finds, and on --fix downloads what is missing. */
import chalk from 'chalk'
import { EXIT } from '../failure.ts'
import { commandLine, interruptible } from '../interrupt.ts'
import type { Options, TargetId } from '../options.ts'
import { currentLab, labOf } from '../state.ts'
import { envWithTools } from '../tools/bin.ts'
import { installTools } from '../tools/install.ts'
import { platformOf, releaseOf, tools } from '../tools/releases.ts'
import type { Words } from '../words/en.ts'
import { lessonIn } from '../words/lesson.ts'
import { checks } from './checks.ts'
import type { Asked, Check, Finding, Verdict } from './finding.ts'
import { thisMachine } from './machine.ts'

export type DoctorOptions = Pick<Options, 'target' | 'context' | 'name' | 'port' | 'nodeImage' | 'lang' | 'quiet'> & {
  fix: boolean
  mirror?: string
}

interface Examined {
  check: Check
  finding: Finding
}

/** Where the lesson runs by itself, the better one first; a context must be named. */
const OWN_TARGETS: readonly TargetId[] = ['kind', 'sandbox']

/** Gives the exit code: 0 where the lesson can run on the target that was asked for, or on any if none was. */
export async function examineMachine(options: DoctorOptions, script: string): Promise<number> {
  const words = await lessonIn(options.lang)
  if (options.fix) await fix(options, script, words)
  const asked = askedOf(options)
  const targets = asked.target ? [asked.target] : OWN_TARGETS
  const examination = { machine: thisMachine(envWithTools()), asked, words }
  const wanted = checks.filter((check) => check.for.some((target) => targets.includes(target)))
  const findings = await Promise.all(
    wanted.map(async (check) => ({ check, finding: await check.examine(examination) })),
  )
  const examined = findings.filter((each): each is Examined => each.finding !== undefined)
  tell(options.quiet ? examined.filter(({ finding }) => finding.verdict !== 'ok') : examined, words)
  return tellTargets(examined, targets, words)
}

/** Downloads each tool that is not there in the lesson's version. */
async function fix({ mirror }: DoctorOptions, script: string, words: Words): Promise<void> {
  const platform = platformOf(words)
  const machine = thisMachine(envWithTools())
  const found = await Promise.all(tools.map((tool) => machine.toolVersion(tool)))
  const wanted = tools.filter((tool, i) => found[i] !== releaseOf(tool, platform).version)
  for (const tool of tools)
    if (!wanted.includes(tool)) console.log(words.doctor.fix.there(tool, releaseOf(tool, platform).version))
  await interruptible(words.interrupted(commandLine(script)), (signal) =>
    installTools(wanted, { mirror, platform, words, signal }),
  )
  console.log()
}

function askedOf({ target, context, name, port, nodeImage }: DoctorOptions): Asked {
  const asked = context ? 'context' : target
  const last = currentLab()
  // A context that was used last says nothing of the clusters on this machine.
  const lastName = last?.target === (asked ?? 'kind') ? last.name : undefined
  const cluster = context ?? name ?? lastName ?? 'kind'
  const known = labOf({ target: asked ?? 'kind', name: cluster })
  return {
    target: asked,
    name: cluster,
    named: name !== undefined,
    made: known?.made.cluster,
    port: port ?? known?.port ?? 8080,
    portGiven: port !== undefined,
    nodeImage: nodeImage ?? known?.nodeImage,
  }
}

const signs: Readonly<Record<Verdict, string>> = {
  ok: chalk.green('✔'),
  warn: chalk.yellow('!'),
  fail: chalk.red('✘'),
}

function tell(examined: readonly Examined[], words: Words): void {
  const { titles } = words.doctor
  const width = Math.max(...examined.map(({ check }) => titles[check.id].length))
  for (const { check, finding } of examined) {
    const { verdict, what, seen, why, mend } = finding
    console.log(`${signs[verdict]} ${chalk.bold(titles[check.id].padEnd(width))}  ${what}`)
    const rows = [[words.saw, seen] as const, [words.why, why] as const, [words.mend, mend] as const]
    const told = rows.filter((row): row is readonly [string, string] => row[1] !== undefined)
    const nameWidth = Math.max(...rows.map(([name]) => name.length))
    for (const [name, text] of told)
      console.log(`${' '.repeat(width + 4)}${chalk.dim(name.padEnd(nameWidth))}  ${text.replaceAll('\n', ' ')}`)
  }
}

/** What keeps each target from running the lesson, and the first that nothing keeps. */
function tellTargets(examined: readonly Examined[], targets: readonly TargetId[], { doctor }: Words): number {
  console.log()
  for (const target of targets) {
    const inTheWay = examined.filter(({ check, finding }) => finding.verdict === 'fail' && check.for.includes(target))
    if (inTheWay.length === 0) {
      console.log(chalk.green(doctor.ready(doctor.targets[target])))
      return EXIT.done
    }
    const ids = [...new Set(inTheWay.map(({ check }) => doctor.titles[check.id]))]
    console.log(chalk.red(`${doctor.notReady(doctor.targets[target])} ${ids.join(', ')}`))
  }
  return EXIT.notReady
}
