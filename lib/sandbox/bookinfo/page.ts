/** What productpage shows: two looks of one page, rendered once for each content. */
import { newLook } from './page-new.ts'
import { oldLook } from './page-old.ts'
import type { Review, Reviews } from './page-parts.ts'

/** `old` in images up to 1.19, `new` from 1.20 on. */
export type Layout = 'old' | 'new'

interface Part {
  status: number
  body: string | undefined
}

/** Pages by content; emptied when there are more than a lesson ever shows. */
const rendered = new Map<string, string>()
const MOST_PAGES = 500

export function renderPage(layout: Layout, user: string, details: Part, reviews: Part): string {
  const key = [layout, user, details.body ?? '', reviews.body ?? ''].join('\0')
  const known = rendered.get(key)
  if (known !== undefined) return known
  if (rendered.size >= MOST_PAGES) rendered.clear()
  const look = layout === 'old' ? oldLook : newLook
  const page = look({ user, details: parse(details.body), reviews: parseReviews(reviews.body) })
  rendered.set(key, page)
  return page
}

// biome-ignore lint/suspicious/noExplicitAny: what another service answers is checked where it is used
function parse(body: string | undefined): any {
  if (body === undefined) return undefined
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** A rule may have had anybody answer in place of reviews: only what looks like reviews is shown. */
function parseReviews(body: string | undefined): Reviews | undefined {
  const found = parse(body)
  if (!Array.isArray(found?.reviews)) return undefined
  return { podname: String(found.podname), reviews: found.reviews.filter((one: unknown) => isReview(one)) }
}

function isReview(one: unknown): one is Review {
  const { reviewer, text } = (one ?? {}) as Partial<Review>
  return typeof reviewer === 'string' && typeof text === 'string'
}
