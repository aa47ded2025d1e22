/** One step: what it needs, its commands as they are shown, its promise awaited, its claim proven. */
import { existsSync } from 'node:fs'
import { Failure } from './failure.ts'
import { ApiAway, loadClient, Refused } from './kube.ts'
import { type Lab, madeSoFar, recordMade } from './lab.ts'
import { commandsOf, type Step } from './lesson.ts'
import type { ProofContext } from './proof.ts'
import { retry } from './retry.ts'
import { quote } from './sh.ts'
import { run } from './shell.ts'
import { versions } from './versions.ts'
import { missing, waitFor } from './wait.ts'
import { scriptOfStep } from './words/lesson.ts'
import type { StepId } from './words/steps.ts'

/** Limit of each wait where --timeout names none: pulling images on a slow line takes minutes. */
const WAIT_MS = 300_000

/** A changed rule arrives within ten seconds: istiod's longest debounce. */
const LATEST_MS = 10_000

/** Istio's own tests allow this long. */
const ARRIVAL_MS = 30_000

export async function runStep(step: Step, lab: Lab): Promise<void> {
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
  for (const condition of step.ready ?? []) await wait(condition, lab, signal)
  await settle(lab)
  const verdict = await showAndProve(step, lab)
  signal.throwIfAborted()
  print.done(verdict, performance.now() - start)
  waitBeside(step, lab)
}

/** Begins to wait for what the next step can do without. */
function waitBeside({ id, meanwhile = [] }: Step, lab: Lab): void {
  const waiting = Promise.all(meanwhile.map((condition) => wait(condition, lab, lab.untilClosed))).catch((error) => {
    if (!(error instanceof Failure)) throw error
    throw error.with({ mend: `${scriptOfStep(id)} --from ${id}` })
  })
  // What goes wrong is told by `settle`; a run that ends before has said something else.
  waiting.catch(() => undefined)
  lab.waits.push(waiting)
}

/** Ends when all that was waited for beside has come about. @throws Failure where it has not */
export async function settle(lab: Lab): Promise<void> {
  await Promise.all(lab.waits.splice(0))
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
  try {
    for (const command of commandsOf(step, lab.settings)) await runShown(command, lab)
  } catch (error) {
    await target.gaveUp?.(step.id)
    throw error
  }
  await target.after(step.id, signal)
  if (step.id === 'cluster') {
    lab.reconnect()
    void target.hasten?.(lab.kube, lab.untilClosed)
    if (lab.options.prefetch)
      void target.prefetch?.(lab.untilClosed, (images) => print.output(words.prefetching(images)))
  }
  recordMade(lab, step.id, 'done')
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
    if (lacking.length === 0 || (await comesByItself(condition, lab))) continue
    throw new Failure(lab.words.needs(condition.what(lab.words)), {
      seen: lacking.join('; '),
      mend: condition.step && bringing(condition.step, lab),
    })
  }
}

/** What brings about a step's result: its script, or the user where the target leaves that to the cluster. */
function bringing(step: StepId, { target, record, words }: Lab): string {
  return target.leavesOut[step] ? words.bringIstio(versions.istio, quote(record.name)) : scriptOfStep(step)
}

/** After the node was started again its pods are back a minute later. */
const COMES_MS = 120_000

/** Waits for what a step needs, where it is on its way. */
async function comesByItself(condition: Parameters<typeof missing>[1], lab: Lab): Promise<boolean> {
  const { print, words, signal } = lab
  if (!condition.comes || !existsSync(lab.target.kubeconfig)) return false
  try {
    const { items } = await (await lab.kube()).list(condition.resource, condition.namespace)
    if (!condition.comes(items)) return false
    print.output(words.waiting(condition.what(words)))
    await wait(condition, lab, signal, COMES_MS)
    return true
  } catch (error) {
    signal.throwIfAborted()
    // What does not come in time, or cannot be asked for, is told as what comes first; a bug is not.
    if (error instanceof Failure || error instanceof ApiAway) return false
    throw error
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
    if (error instanceof Refused) throw error
    lab.reconnect()
    return [error instanceof Failure ? (error.seen ?? error.what(lab.words)) : lab.words.clusterSilent(String(error))]
  }
}

/** An API server that restarts is back after some twenty seconds. */
const API_AWAY_MS = 30_000

function patiently<T>(ask: () => Promise<T>, { signal }: Lab, patient: boolean): Promise<T> {
  const canMend = (error: Error) => patient && error instanceof ApiAway
  return retry(ask, { limitMs: API_AWAY_MS, signal, canMend })
}

async function wait(
  condition: Parameters<typeof waitFor>[1],
  lab: Lab,
  signal: AbortSignal,
  usualMs = WAIT_MS,
): Promise<void> {
  lab.print.detail(lab.words.waiting(condition.what(lab.words)))
  await waitFor(await lab.kube(), condition, {
    words: lab.words,
    limitMs: lab.options.timeout ?? usualMs,
    signal,
  })
}

/** @param arrivalMs for a change to arrive; 0 judges the cluster as it is. @throws Failure with causes, and what mends them */
export async function prove(step: Step, lab: Lab, arrivalMs: number): Promise<string> {
  const context: ProofContext = {
    kube: await lab.kube(),
    pageUrl: (await lab.page()).url,
    words: lab.words,
    arrivalMs,
    latestMs: LATEST_MS,
    signal: lab.signal,
  }
  try {
    return await patiently(() => step.proof(context), lab, !lab.options.check)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw error.with({ mend: mendOf(step, error, lab) })
  }
}

/** What is in the way first, but for what the step runs by itself; then the step again. */
function mendOf(step: Step, { mend = '' }: Failure, { settings }: Lab): string {
  const own = commandsOf(step, settings).map(String)
  const before = mend.split('\n').filter((line) => line && !own.includes(line))
  return [...before, `${scriptOfStep(step.id)} --only ${step.id}`].join('\n')
}
