/** Runs sections: each step in order, its commands shown as they are run, its promise awaited, its claim proven. */

import { existsSync } from 'node:fs'
import { EXIT, Failure, usage } from './failure.ts'
import { commandLine, interruptible } from './interrupt.ts'
import { istioTroubles } from './istio-troubles.ts'
import { ApiAway, connect, type Kube, loadClient } from './kube.ts'
import { commandsOf, type Section, type Settings, type Step, scriptOf } from './lesson.ts'
import { takeLock } from './lock.ts'
import type { Options } from './options.ts'
import { type Printer, printer } from './print.ts'
import type { ProofContext } from './proof.ts'
import { retry } from './retry.ts'
import { run } from './shell.ts'
import { type LabRecord, labOf, recordLab } from './state.ts'
import { choose } from './targets/choose.ts'
import { clusterConfig } from './targets/cluster-config.ts'
import type { PageAccess, Target } from './targets/target.ts'
import { offerDownload } from './tools/offer.ts'
import { missing, waitFor } from './wait.ts'
import { type Lesson, lessonIn, scriptOfStep } from './words/lesson.ts'
import type { StepId } from './words/steps.ts'

/** Limit of each wait where --timeout names none: pulling images on a slow line takes minutes. */
const WAIT_MS = 300_000

/** A changed rule arrives within ten seconds (istiod's longest debounce); Istio's own tests allow 30. */
const ARRIVAL_MS = 30_000

export interface Run {
  /** As it is typed: `./scripts/03-version-route.ts`. */
  script: string
  sections: readonly Section[]
  options: Options
}

interface Lab {
  target: Target
  record: LabRecord
  settings: Settings
  options: Options
  print: Printer
  signal: AbortSignal
  words: Lesson
  kube: () => Promise<Kube>
  /** Forgets the connection: the next question reads the kubeconfig anew. */
  reconnect: () => void
  page: () => Promise<PageAccess>
  close: () => Promise<void>
  /** Aborted when the run is stopped, and when it is over. */
  untilClosed: AbortSignal
}

/** Gives the exit code. */
export async function runLesson({ script, sections, options }: Run): Promise<number> {
  const words = await lessonIn(options.lang)
  const chosen = stepsOf(sections, options)
  if (options.list) {
    for (const { section, step } of chosen)
      console.log(`${step.id.padEnd(18)} ${words.step(step).title}  (${scriptOf[section.id]})`)
    return EXIT.done
  }
  const offer = options.print || options.check ? undefined : offerDownload(script, words)
  const { record, target, notes } = await choose(options, words, offer)
  const settings = await settingsOf(record)
  if (options.print) {
    const { shellScript } = await import('./print-script.ts')
    process.stdout.write(shellScript(chosen, { record, target, settings, words }))
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
      await target.attach(signal)
      if ((options.check || chosen[0].step.id !== 'cluster') && !existsSync(target.kubeconfig))
        throw new Failure(words.noCluster, { mend: scriptOf.install })
      if (options.check) await check(chosen, lab)
      else await runSteps(chosen, lab, sections.length > 1)
      print.ending(await ending(chosen, lab))
      return EXIT.done
    } finally {
      release()
      await lab.close()
    }
  })
}

/** What is opened once and kept for the run: the connection to the API, and the way to the page. */
function openLab(parts: Omit<Lab, 'kube' | 'reconnect' | 'page' | 'close' | 'untilClosed'>): Lab {
  const { target, signal } = parts
  let kube: Promise<Kube> | undefined
  let page: Promise<PageAccess> | undefined
  const closed = new AbortController()
  return {
    ...parts,
    kube: () => (kube ??= connect(target.kubeconfig)),
    reconnect: () => {
      kube = undefined
    },
    page: () => (page ??= target.openPage(signal)),
    close: async () => {
      closed.abort()
      ;(await page?.catch(() => undefined))?.close()
    },
    untilClosed: AbortSignal.any([signal, closed.signal]),
  }
}

interface Chosen {
  section: Section
  step: Step
}

function stepsOf(sections: readonly Section[], { from, only }: Options): [Chosen, ...Chosen[]] {
  const all = sections.flatMap((section) => section.steps.map((step) => ({ section, step })))
  const wanted = from ?? only
  const index = wanted === undefined ? 0 : all.findIndex(({ step }) => step.id === wanted)
  const chosen = only === undefined ? all.slice(index) : all.slice(index, index + 1)
  if (index < 0 || !chosen[0])
    throw usage(`there is no step "${wanted}" here`, `one of: ${all.map(({ step }) => step.id).join(', ')}`)
  return chosen as [Chosen, ...Chosen[]]
}

async function settingsOf({ port, nodeImage }: LabRecord): Promise<Settings> {
  return { clusterConfig: await clusterConfig(port), nodeImageFlags: nodeImage ? ['--image', nodeImage] : [] }
}

async function runSteps(chosen: readonly Chosen[], lab: Lab, titles: boolean): Promise<void> {
  recordLab({ ...lab.record, made: madeSoFar(lab) })
  let last: Section | undefined
  for (const { section, step } of chosen) {
    if (titles && section !== last) lab.print.section(numberOf(section), lab.words.title(section))
    last = section
    await runStep(step, lab).catch(async (error) => {
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
  const { message, seen, mend = `${scriptOfStep(step.id)} --from ${step.id}` } = failure
  return new Failure(message, { seen, why, mend, cause: failure })
}

async function runStep(step: Step, lab: Lab): Promise<void> {
  const { print, words, target, signal } = lab
  const { title, why } = words.step(step)
  const reason = target.leavesOut[step.id]
  if (reason) return print.leftOut(title, reason)
  const start = performance.now()
  print.step(title, why)
  await checkNeeds(step, lab)
  await makeFresh(step, lab)
  await mendStuck(step, lab)
  if (await isAlready(step, lab)) print.output(words.already)
  else await carryOut(step, lab)
  for (const condition of step.ready ?? []) await wait(condition, lab)
  const verdict = await showAndProve(step, lab)
  signal.throwIfAborted()
  print.done(verdict, performance.now() - start)
}

/** The visits of a proof go on while the commands that only show something are run. */
async function showAndProve(step: Step, lab: Lab): Promise<string> {
  const show = async () => {
    for (const command of step.show ?? []) await runShown(command, lab)
  }
  // Both are waited for also where one fails: its words come last, after all that was shown.
  const [shown, proven] = await Promise.allSettled([show(), prove(step, lab, lab.options.timeout ?? ARRIVAL_MS)])
  if (shown.status === 'rejected') throw shown.reason
  if (proven.status === 'rejected') throw proven.reason
  return proven.value
}

async function carryOut(step: Step, lab: Lab): Promise<void> {
  const { target, signal, print, words } = lab
  const beforehand = await target.before(step.id, signal)
  if (beforehand) {
    print.output(words.fresh(beforehand.why))
    for (const command of beforehand.run) await runShown(command, lab)
  }
  recordMade(lab, step.id, 'begun')
  if (step.id === 'cluster') void loadClient()
  for (const command of commandsOf(step, lab.settings)) await runShown(command, lab)
  await target.after(step.id, signal)
  if (step.id === 'cluster') {
    lab.reconnect()
    if (lab.options.prefetch)
      void target.prefetch?.(lab.untilClosed, (images) => print.output(words.prefetching(images)))
  }
  recordMade(lab, step.id, 'done')
}

function madeSoFar({ record }: Lab): LabRecord['made'] {
  return labOf(record)?.made ?? record.made
}

function recordMade(lab: Lab, step: StepId, how: 'begun' | 'done'): void {
  recordLab({ ...lab.record, made: { ...madeSoFar(lab), [step]: how } })
}

async function runShown(command: Parameters<typeof run>[0], { target, signal, print, options }: Lab): Promise<void> {
  print.command(command)
  await run(command, {
    env: target.env(command),
    signal,
    limitMs: options.timeout ?? WAIT_MS,
    onLine: print.output,
  })
}

async function checkNeeds(step: Step, lab: Lab): Promise<void> {
  for (const condition of step.needs ?? []) {
    if (condition.step && lab.target.leavesOut[condition.step] && condition.step !== 'istio') continue
    const lacking = await lackingNow(condition, lab)
    if (lacking.length === 0) continue
    throw new Failure(lab.words.needs(condition.what(lab.words)), {
      seen: lacking.join('; '),
      mend: condition.step && scriptOfStep(condition.step),
    })
  }
}

async function makeFresh({ fresh }: Step, lab: Lab): Promise<void> {
  if (!fresh) return
  const lacking = await lackingNow(fresh.unless, lab)
  if (lacking.length === 0) return
  if (lab.target.shared && !madeSoFar(lab)[fresh.unless.step ?? 'cluster'])
    throw new Failure(lab.words.foreign(fresh.unless.what(lab.words)), {
      seen: lacking.join('; '),
      mend: fresh.run.join('\n'),
    })
  lab.print.output(lab.words.fresh(lacking.join('; ')))
  for (const command of fresh.run) await runShown(command, lab)
}

async function mendStuck({ stuck = [] }: Step, lab: Lab): Promise<void> {
  for (const { unless, run: mending } of stuck) {
    const lacking = await lackingNow(unless, lab)
    if (lacking.length === 0) continue
    lab.print.output(lab.words.stuck(lacking.join('; ')))
    for (const command of mending) await runShown(command, lab)
  }
}

async function isAlready({ id, already }: Step, lab: Lab): Promise<boolean> {
  if (!already || madeSoFar(lab)[id] === 'begun') return false
  for (const condition of already) if ((await lackingNow(condition, lab)).length > 0) return false
  return true
}

/** A cluster that is not there, or does not answer, lacks everything. */
async function lackingNow(condition: Parameters<typeof missing>[1], lab: Lab): Promise<string[]> {
  if (!existsSync(lab.target.kubeconfig)) return [lab.words.noCluster]
  try {
    // A cluster that is still to be made is not waited for.
    return await patiently(
      async () => missing(await lab.kube(), condition, lab.words),
      lab,
      condition.step !== 'cluster',
    )
  } catch (error) {
    lab.reconnect()
    return [error instanceof Failure ? (error.seen ?? error.message) : lab.words.clusterSilent(String(error))]
  }
}

/** An API server that restarts is back after some twenty seconds. */
const API_AWAY_MS = 30_000

function patiently<T>(ask: () => Promise<T>, { signal }: Lab, patient: boolean): Promise<T> {
  const canMend = (error: Error) => patient && error instanceof ApiAway
  return retry(ask, { limitMs: API_AWAY_MS, signal, canMend })
}

async function wait(condition: Parameters<typeof waitFor>[1], lab: Lab): Promise<void> {
  lab.print.detail(lab.words.waiting(condition.what(lab.words)))
  await waitFor(await lab.kube(), condition, {
    words: lab.words,
    limitMs: lab.options.timeout ?? WAIT_MS,
    signal: lab.signal,
  })
}

async function prove(step: Step, lab: Lab, arrivalMs: number): Promise<string> {
  const context: ProofContext = {
    kube: await lab.kube(),
    pageUrl: (await lab.page()).url,
    words: lab.words,
    arrivalMs,
    signal: lab.signal,
  }
  try {
    return await patiently(() => step.proof(context), lab, !lab.options.check)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { seen, why, exitCode } = error
    throw new Failure(error.message, {
      seen,
      why,
      exitCode,
      // What is in the way first, then the step again.
      mend: [error.mend, `${scriptOfStep(step.id)} --only ${step.id}`].filter(Boolean).join('\n'),
      cause: error,
    })
  }
}

/** Only the proof: of each section's end, or of the one step that was named. */
async function check(chosen: readonly Chosen[], lab: Lab): Promise<void> {
  const last = chosen.at(-1) as Chosen
  const start = performance.now()
  lab.print.step(lab.words.step(last.step).title, lab.words.checking)
  const verdict = await prove(last.step, lab, 0).catch(async (error) => {
    throw await explained(error, last.step, lab)
  })
  lab.print.done(verdict, performance.now() - start)
  lab.print.output(lab.words.checked)
}

async function ending(chosen: readonly Chosen[], lab: Lab): Promise<[string, string][]> {
  const { target, words } = lab
  const { section, step } = chosen.at(-1) as Chosen
  const { keepOpen, url } = await lab.page()
  const address = process.env.LAB_PAGE_URL ? new URL('/productpage', process.env.LAB_PAGE_URL).href : url
  const next = nextScript(section.id)
  const tip = words.step(step).try
  const running = target.running()
  return [
    [
      words.page,
      `${keepOpen ? `${keepOpen}\n${url.replace(/:\d+/, ':8080')}` : address}${target.simulated ? `  (${words.simulated})` : ''}`,
    ],
    ...(running ? [[words.running, running] as [string, string]] : []),
    [words.byHand, target.byHand()],
    ...(tip ? [[words.tryNext, tip] as [string, string]] : []),
    ...(next ? [[words.next, next] as [string, string]] : []),
    [words.stop, './scripts/clean-up.ts --all'],
  ]
}

/** The script of the section after this one. */
function nextScript(id: Section['id']): string | undefined {
  const scripts = Object.values(scriptOf)
  return scripts[scripts.indexOf(scriptOf[id]) + 1]
}

function numberOf(section: Section | undefined): number {
  return section ? Object.keys(scriptOf).indexOf(section.id) + 1 : 0
}
