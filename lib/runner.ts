/** Runs sections: chooses where and which steps, holds the lock, and takes the steps in order. */
import { existsSync } from 'node:fs'
import { ending } from './ending.ts'
import { EXIT, Failure, TimeOver, usage } from './failure.ts'
import { commandLine, interruptible } from './interrupt.ts'
import { istioTroubles } from './istio-troubles.ts'
import { ApiAway } from './kube.ts'
import { type Lab, openLab, recordOf } from './lab.ts'
import { type Section, type Settings, type Step, scriptOf } from './lesson.ts'
import { takeLock } from './lock.ts'
import type { Options } from './options.ts'
import { printer } from './print.ts'
import { type LabRecord, recordLab } from './state.ts'
import { prove, runStep, settle } from './step.ts'
import { choose } from './targets/choose.ts'
import { clusterConfig } from './targets/cluster-config.ts'
import { offerDownload } from './tools/offer.ts'
import type { Words } from './words/en.ts'
import { lessonIn, scriptOfStep } from './words/lesson.ts'

export interface Run {
  /** As it is typed: `./scripts/03-version-route.ts`. */
  script: string
  sections: readonly Section[]
  options: Options
}

/** Gives the exit code. */
export async function runLesson({ script, sections, options }: Run): Promise<number> {
  const words = await lessonIn(options.lang)
  const chosen = stepsOf(sections, options, words)
  if (options.list) {
    for (const { section, step } of chosen)
      console.log(`${step.id.padEnd(18)} ${words.step(step).title}  (${scriptOf[section.id]})`)
    return EXIT.done
  }
  const offer = options.print || options.check ? undefined : offerDownload(script, words)
  const { record, target, notes } = await choose(options, words, offer)
  const settings = await settingsOf(record, words)
  if (options.print) {
    const { shellScript } = await import('./print-script.ts')
    process.stdout.write(shellScript(chosen, { record, target, settings, words, limitMs: options.timeout }))
    return EXIT.done
  }
  const print = printer({ ...options, words })
  const title = sections.length > 1 ? words.wholeLesson : words.section(numberOf(sections[0]), words.title(sections[0]))
  print.banner(title, target.title, target.simulated)
  notes.forEach(print.note)
  return interruptible(words.interrupted(commandLine(script)), async (signal) => {
    const lab = openLab({ target, record, settings, options, print, words, signal })
    // A check changes nothing and may look on while another run is at work.
    const release = options.check ? () => undefined : takeLock(record, commandLine(script), words)
    try {
      await target.attach(signal, options.check ? 'check' : 'work')
      if ((options.check || chosen[0].step.id !== 'cluster') && !existsSync(target.kubeconfig))
        throw new Failure(words.noCluster, { mend: scriptOf.install })
      if (options.check) await check(chosen, lab)
      else await runSteps(chosen, lab, sections.length > 1)
      print.ending(await ending(chosen.at(-1) as Chosen, lab))
      return EXIT.done
    } finally {
      release()
      await lab.close()
    }
  })
}

interface Chosen {
  section: Section
  step: Step
}

function stepsOf(sections: readonly Section[], { from, only }: Options, words: Words): [Chosen, ...Chosen[]] {
  const all = sections.flatMap((section) => section.steps.map((step) => ({ section, step })))
  const wanted = from ?? only
  const index = wanted === undefined ? 0 : all.findIndex(({ step }) => step.id === wanted)
  const chosen = only === undefined ? all.slice(index) : all.slice(index, index + 1)
  if (index < 0 || !chosen[0]) throw usage(words.noStep(wanted), words.options.choices(all.map(({ step }) => step.id)))
  return chosen as [Chosen, ...Chosen[]]
}

async function settingsOf({ port, nodeImage }: LabRecord, words: Words): Promise<Settings> {
  return { clusterConfig: await clusterConfig(port, words), nodeImageFlags: nodeImage ? ['--image', nodeImage] : [] }
}

async function runSteps(chosen: readonly Chosen[], lab: Lab, titles: boolean): Promise<void> {
  recordLab(recordOf(lab))
  let last: Section | undefined
  for (const { section, step } of chosen) {
    if (titles && section !== last) lab.print.section(numberOf(section), lab.words.title(section))
    last = section
    const isLast = step === chosen.at(-1)?.step
    await runStep(step, lab)
      .then(() => (isLast ? settle(lab) : undefined))
      .catch(async (error) => {
        throw await explained(error, step, lab)
      })
  }
}

/** A failure with what is wrong below the step: the engine, the node, Istio's own deployments. */
async function explained(error: unknown, step: Step, { target, words, signal, kube }: Lab): Promise<unknown> {
  signal.throwIfAborted()
  const failure = error instanceof ApiAway ? new Failure(words.apiAway, { seen: error.message, cause: error }) : error
  if (!(failure instanceof Failure) || failure.exitCode !== EXIT.failed) return failure
  const below = (await target.troubles?.(words)) ?? []
  const why = [...below, ...(below.length === 0 ? await istioTroubles(kube, words) : []), ...failure.why]
  // Where time was short, and nothing else is known, more of it may do.
  const longer = failure instanceof TimeOver && why.length === 0 ? ' --timeout 30m' : ''
  const { mend = `${scriptOfStep(step.id)} --from ${step.id}${longer}` } = failure
  return failure.with({ why, mend })
}

/** Only the proof: of the end, or of the one step that was named; of what the target leaves out there is none. */
async function check(chosen: readonly Chosen[], lab: Lab): Promise<void> {
  const reasonOf = ({ step }: Chosen) => lab.target.leavesOut[step.id]
  const last = chosen.findLast((each) => !reasonOf(each))
  if (!last) {
    for (const each of chosen) lab.print.leftOut(lab.words.step(each.step).title, reasonOf(each) ?? '')
    return
  }
  const start = performance.now()
  lab.print.step(lab.words.step(last.step).title, lab.words.checking)
  const verdict = await prove(last.step, lab, 0).catch(async (error) => {
    throw await explained(error, last.step, lab)
  })
  lab.print.done(verdict, performance.now() - start)
  lab.print.output(lab.words.checked)
}

function numberOf(section: Section | undefined): number {
  return section ? Object.keys(scriptOf).indexOf(section.id) + 1 : 0
}
