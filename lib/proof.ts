/**
 * Proofs: what a step claims, shown on the cluster and with real visits to the page. A proof about traffic first waits
 * until the change has arrived, then judges a fixed sample that is never started again. Where the rules in the cluster
 * say something else than the traffic shows, that may be the traffic of before: it is watched until it must be theirs.
 */
import { rulesSayOtherwise } from './causes/otherwise.ts'
import type { WantedRule } from './causes/state.ts'
import { type Condition, gatewaySteady } from './conditions.ts'
import { Failure } from './failure.ts'
import { type Kube, resources } from './kube.ts'
import { headersOf, type Version, type Visit, type Visitor, visit } from './page.ts'
import { retry } from './retry.ts'
import {
  ALL_THREE_VISITS,
  ARRIVAL_VISITS,
  agrees,
  arrived,
  describeSeen,
  type Expectation,
  SAMPLE_VISITS,
  sample,
  type Tally,
} from './sample.ts'
import { missing, waitFor } from './wait.ts'
import type { Words } from './words/en.ts'

/** What a proof needs to know of where it runs. */
export interface ProofContext {
  kube: Kube
  pageUrl: string
  words: Words
  /** Milliseconds for a change to arrive; 0 judges the cluster as it is. */
  arrivalMs: number
  /** Milliseconds after which a change shows in traffic at the latest. */
  latestMs: number
  signal: AbortSignal
}

/** Gives the verdict in one line. @throws Failure with what was seen, and the likely cause from the cluster's state */
export type Proof = (context: ProofContext) => Promise<string>

const anonymous: Visitor = { name: 'anonymous' }

/** A user whom no rule of the lesson names; one that goes by a pattern, or by the first letters, meets her as well. */
const otherUser: Visitor = { name: 'jasonne', signIn: 'jasonne' }

/** Claims in a header to be jason, without having signed in. */
const forger: Visitor = { name: 'forger', headers: { 'end-user': 'jason' } }

const signedIn = (user: string): Visitor => ({ name: user, signIn: user })

export const apiAnswers: Proof = async ({ kube, words }) => words.proof.apiAnswers(await kube.version())

/** The cluster is in this condition right now. */
export function holds(condition: Condition): Proof {
  return async ({ kube, words }) => {
    const lacking = await missing(kube, condition, words)
    if (lacking.length === 0) return words.proof.holds(condition.what(words))
    const ofRules = condition.resource === resources.destinationRules
    throw new Failure(words.proof.isNotSo(condition.what(words)), {
      seen: lacking.join('; '),
      ...(ofRules ? await (await diagnoses()).ruleCauses(kube, words) : {}),
    })
  }
}

/** Without rules every version of reviews is met. */
export const allThree: Proof = async (context) => {
  const { kube, pageUrl, words, arrivalMs, signal } = context
  await pageAnswers(context, undefined)
  const look = async () => {
    const tally = await sample([anonymous], ALL_THREE_VISITS, () => visit(pageUrl, {}, signal), words)
    return tally.get(anonymous.name) ?? new Map<string, number>()
  }
  // A route that was just taken away still leads for a while. What never comes about, the verdict tells.
  if (arrivalMs > 0)
    await arrival(async () => areAllThree(await look()), arrivalMs, signal).catch(() => signal.throwIfAborted())
  const seen = await lastOf({ first: look(), again: look, isRight: areAllThree }, undefined, context)
  if (!areAllThree(seen))
    throw new Failure(words.proof.expectedAllThree, {
      seen: describeSeen(seen),
      ...(await (await diagnoses()).routeCauses(kube, words, undefined, pageFault(seen))),
    })
  return words.proof.allThree(describeSeen(seen))
}

function areAllThree(seen: ReadonlyMap<string, number>): boolean {
  return seen.size === 3 && ['v1', 'v2', 'v3'].every((version) => seen.has(version))
}

/** Everyone sees this version, signed in or not. */
export function always(version: Version): Proof {
  return routes(
    [anonymous, signedIn('jason')].map((visitor) => ({ visitor, version })),
    [{ subset: version }],
  )
}

/** These users see their version; anonymous visitors, other users and forgers see the other one. */
export function byUser(users: Readonly<Record<string, Version>>, others: Version): Proof {
  return routes(
    [
      ...Object.entries(users).map(([user, version]) => ({ visitor: signedIn(user), version })),
      ...[anonymous, otherUser, forger].map((visitor) => ({ visitor, version: others })),
    ],
    [...Object.entries(users).map(([user, subset]) => ({ user, subset })), { subset: others }],
  )
}

function routes(expectations: readonly Expectation[], wanted: readonly WantedRule[]): Proof {
  const visitors = expectations.map(({ visitor }) => visitor)
  return async (context) => {
    const { kube, pageUrl, words, arrivalMs, signal } = context
    await pageAnswers(context, wanted)
    const visiting = visitingAs(pageUrl, signal)
    const expected = () => describeExpectations(expectations, words)
    const fail = async (what: string, tally: Tally, cause?: unknown) => {
      const fault = [...tally.values()].flatMap(pageFault)[0]
      return new Failure(what, {
        seen: describeTally(tally, words),
        ...(await (await diagnoses()).routeCauses(kube, words, wanted, fault)),
        cause,
      })
    }
    try {
      if (arrivalMs > 0) await arrival(() => arrived(expectations, visiting), arrivalMs, signal)
    } catch (cause) {
      signal.throwIfAborted()
      throw await fail(
        words.proof.neverArrived(expected(), arrivalMs / 1000),
        await sample(visitors, 10, visiting, words),
        cause,
      )
    }
    const isRight = (tally: Tally) => agrees(tally, expectations)
    const first = sample(visitors, SAMPLE_VISITS, visiting, words)
    const again = () => sample(visitors, ARRIVAL_VISITS, visiting, words)
    const tally = await lastOf({ first, again, isRight }, wanted, context)
    if (!isRight(tally)) throw await fail(words.proof.expected(expected()), tally)
    return words.proof.verdict(expected(), SAMPLE_VISITS)
  }
}

/** Each visitor signs in once, at the first visit; a visit on which that fails shows why, as one without reviews does. */
function visitingAs(pageUrl: string, signal: AbortSignal): (visitor: Visitor) => Promise<Visit> {
  const known = new Map<string, Promise<Record<string, string>>>()
  return async (visitor) => {
    const headers = known.get(visitor.name) ?? headersOf(pageUrl, visitor, signal)
    known.set(visitor.name, headers)
    try {
      return await visit(pageUrl, await headers, signal)
    } catch (error) {
      signal.throwIfAborted()
      known.delete(visitor.name)
      return { fault: (error as Error).message }
    }
  }
}

/** Waits until what was changed shows in traffic. */
function arrival(hasArrived: () => Promise<boolean>, limitMs: number, signal: AbortSignal): Promise<void> {
  return retry(
    async () => {
      if (!(await hasArrived())) throw new Error('a visit still disagrees')
    },
    { limitMs, signal, firstPauseMs: 20 },
  )
}

interface Looks<T> {
  first: Promise<T>
  again: () => Promise<T>
  isRight: (look: T) => boolean
}

/** A first look that is right, though rules in the cluster say otherwise, is not the last: they may be on their way. */
async function lastOf<T>(
  { first, again, isRight }: Looks<T>,
  wanted: readonly WantedRule[] | undefined,
  { kube, words, latestMs, signal }: ProofContext,
): Promise<T> {
  const [seen, otherwise] = await Promise.all([first, rulesSayOtherwise(kube, words, wanted)])
  if (!isRight(seen) || !otherwise) return seen
  let last = seen
  const look = async () => {
    last = await again()
    return !isRight(last)
  }
  await arrival(look, latestMs, signal).catch(() => signal.throwIfAborted())
  return last
}

/** The page can be had at all: the gateway listens only once a Gateway asks it to, some time after its pod is ready. */
async function pageAnswers(
  { kube, pageUrl, words, arrivalMs, signal }: ProofContext,
  wanted: readonly WantedRule[] | undefined,
): Promise<void> {
  // What a gateway that is about to go still answers proves nothing of the one that comes.
  if (arrivalMs > 0)
    await waitFor(kube, gatewaySteady, { limitMs: arrivalMs, words, signal }).catch(() => signal.throwIfAborted())
  let last: Visit = {}
  const look = async () => {
    last = await visit(pageUrl, {}, signal)
    // Any page will do here: what it shows is for the sample to judge.
    if (/^(no answer|HTTP (404|503))/.test(last.fault ?? '')) throw new Error(last.fault)
  }
  try {
    await (arrivalMs > 0 ? retry(look, { limitMs: arrivalMs, signal, firstPauseMs: 50 }) : look())
  } catch (cause) {
    signal.throwIfAborted()
    // The verdict below tells more than an unreachable page does; only a page that gives no answer at all ends here.
    if (last.fault?.startsWith('HTTP')) return
    throw new Failure(words.proof.unreachable(pageUrl), {
      seen: last.fault,
      ...(await (await diagnoses()).routeCauses(kube, words, wanted)),
      cause,
    })
  }
}

/** Loaded when a proof has failed: no script waits for it before. */
const diagnoses = () => import('./diagnose.ts')

function pageFault(seen: ReadonlyMap<string, number>): string[] {
  return [...seen.keys()].filter((label) => !/^v[123]$/.test(label))
}

function describeTally(tally: Tally, words: Words): string {
  return [...tally].map(([visitor, seen]) => `${named(visitor, words)}: ${describeSeen(seen)}`).join('; ')
}

/** Users are called as they sign in. */
function named(visitor: string, { visits }: Words): string {
  return visits.visitors[visitor] ?? visitor
}

function describeExpectations(expectations: readonly Expectation[], words: Words): string {
  const versions = new Set(expectations.map(({ version }) => version))
  const [only] = versions
  if (versions.size === 1 && only) return words.proof.only(only)
  return expectations.map(({ visitor, version }) => words.proof.sees(named(visitor.name, words), version)).join('; ')
}
