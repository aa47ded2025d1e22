/** Visits to the Bookinfo page, as a browser makes them: anonymous, signed in, or claiming to be somebody. */

import { type Answer, ask } from './http.ts'
import type { Words } from './words/en.ts'

export type Version = 'v1' | 'v2' | 'v3'
export type Stars = 'none' | 'black' | 'red'

export interface Visitor {
  /** As it is named in verdicts. */
  name: string
  /** Signs in under this name first. */
  signIn?: string
  /** Sent along as they are. */
  headers?: Readonly<Record<string, string>>
}

export interface Visit {
  /** The pod of reviews that answered. */
  pod?: string
  version?: Version
  stars?: Stars
  /** What is wrong with the page, where it shows no reviews or no stars it should. */
  fault?: string
}

/** The stars that each version shows: the second witness of who answered, besides the pod's name. */
export const starsOf: Readonly<Record<Version, Stars>> = { v1: 'none', v2: 'black', v3: 'red' }

/** Milliseconds for one visit: more than productpage's own two tries of three seconds at reviews. */
const VISIT_LIMIT_MS = 15_000

/** One visit; what goes wrong on the way is part of the answer, not an exception. @throws the reason of `signal` */
export async function visit(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Visit> {
  let page: Answer
  try {
    page = await ask(url, { headers, limitMs: VISIT_LIMIT_MS, signal })
  } catch (error) {
    signal?.throwIfAborted()
    return { fault: `no answer (${reasonOf(error)})` }
  }
  if (page.status !== 200) return { fault: `HTTP ${page.status}` }
  return readPage(page.text)
}

/** What a page of Bookinfo shows, in the layout of images 1.18 and in that of 1.20. */
export function readPage(html: string): Visit {
  // The newer layout leaves out the exclamation mark.
  const error = /Error fetching product (?:reviews|details)!?/.exec(html)
  const served = /Reviews served by:\s*(?:<\/\w+>\s*)*(?:<\w+[^>]*>\s*)*(reviews-(v[123])-[a-z0-9]+-[a-z0-9]+)/.exec(
    html,
  )
  if (!served) return { fault: error?.[0] ?? 'a page without reviews' }
  const visit: Visit = { pod: served[1] as string, version: served[2] as Version, stars: readStars(html) }
  if (/Ratings service is currently unavailable/.test(html)) visit.fault = 'Ratings service is currently unavailable'
  else if (error) visit.fault = error[0]
  return visit
}

function readStars(html: string): Stars {
  const old = /<font color="(black|red)">/.exec(html)
  if (old) return old[1] as Stars
  // In the new layout text-red-500 also marks errors: only a star counts, which is drawn with an svg or a glyph.
  const colours = [
    ...html.matchAll(/class="[^"]*\btext-(black|red)-500\b[^"]*"[^>]*>\s*(<svg|<span|★|&#9733;|&starf;)/g),
  ]
  return (colours[0]?.[1] as Stars | undefined) ?? 'none'
}

/** Whether a visit saw this version whole: its pod, its own stars, and nothing that is wrong. */
export function shows({ version, stars, fault }: Visit, wanted: Version): boolean {
  return version === wanted && stars === starsOf[wanted] && !fault
}

/** What a visit saw, in a few words that can be counted: `v1`, `v3 with black stars`, `HTTP 503`. */
export function labelOf({ version, stars, fault }: Visit, { visits }: Words): string {
  if (!version) return fault ?? visits.nothing
  if (fault) return `${version}: ${fault}`
  return stars === starsOf[version] ? version : `${version} ${visits.stars[stars ?? 'none']}`
}

/** Signs in on the page and gives the session's cookie. @throws Error where the page gives none */
export async function signIn(url: string, user: string, signal?: AbortSignal): Promise<string> {
  const { status, headers } = await ask(new URL('login', url), {
    method: 'POST',
    // The page sends back to where one came from; the cookie comes with that redirect, so it is not followed.
    headers: { Referer: url, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ username: user, passwd: 'any' }).toString(),
    limitMs: VISIT_LIMIT_MS,
    signal,
  })
  const [cookie] = headers['set-cookie'] ?? []
  if (!cookie) throw new Error(`signing in as ${user}: HTTP ${status} without a cookie`)
  return cookie.slice(0, cookie.indexOf(';'))
}

/** The headers with which somebody visits; signs in first where the visitor does. */
export async function headersOf(url: string, visitor: Visitor, signal?: AbortSignal): Promise<Record<string, string>> {
  const cookie = visitor.signIn ? { Cookie: await signIn(url, visitor.signIn, signal) } : {}
  return { ...visitor.headers, ...cookie }
}

function reasonOf(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException
  if (name === 'AbortError') return `nothing within ${VISIT_LIMIT_MS / 1000} s`
  return code ?? message
}
