/** What productpage shows: two looks of one page, rendered once for each content. */
import { newLook } from './page-new.ts'
import { oldLook } from './page-old.ts'

/** `old` in images up to 1.19, `new` from 1.20 on. */
export type Layout = 'old' | 'new'

/** What the other services answered; undefined where they failed. */
export interface View {
  /** '' where nobody is signed in. */
  user: string
  details: Readonly<Record<string, string | number>> | undefined
  reviews: Reviews | undefined
}

interface Reviews {
  podname: string
  reviews: readonly Review[]
}

export interface Review {
  reviewer: string
  text: string
  rating?: { stars: number; color: string; error?: never } | { error: string }
}

export const book = {
  id: 0,
  title: 'The Comedy of Errors',
  descriptionHtml: 'Summary: two masters and two servants, all of them twins, in one town.',
}

/** Escaped, ready to stand in the page as text or in a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (letter) => entities[letter] as string)
}

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

function parseReviews(body: string | undefined): Reviews | undefined {
  const found = parse(body)
  return Array.isArray(found?.reviews) ? found : undefined
}

/** The form that signs in, opened by a button; a browser without popovers shows it in the page. */
export function signInForm(button: string, input: string): string {
  return `<button type="button" class="${button}" popovertarget="login-modal" aria-haspopup="dialog">Sign in</button>
<div id="login-modal" class="modal" popover role="dialog" aria-labelledby="login-title">
<form method="post" action="login" name="login_form">
<h2 id="login-title">Please sign in</h2>
<label for="username">User Name</label>
<input id="username" name="username" type="text" class="${input}" autocomplete="username" autocapitalize="none" autofocus required>
<label for="passwd">Password</label>
<input id="passwd" name="passwd" type="password" class="${input}" autocomplete="current-password">
<p class="hint">Any password will do.</p>
<div class="actions">
<button type="button" class="button quiet" popovertarget="login-modal" popovertargetaction="hide">Cancel</button>
<button type="submit" class="button">Sign in</button>
</div>
</form>
</div>`
}

export function documentOf(look: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simple Bookstore App</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="static/bookinfo.css">
</head>
<body class="${look}">
${body}
</body>
</html>
`
}

/** Five stars, some of them empty. */
export function stars(count: number, full: string, empty: string): string {
  const whole = Math.min(Math.max(Math.round(count) || 0, 0), 5)
  return full.repeat(whole) + empty.repeat(5 - whole)
}
