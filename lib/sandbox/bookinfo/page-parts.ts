/** Pieces that both looks of the page are made of. */

/** What the other services answered; undefined where they failed. */
export interface View {
  /** '' where nobody is signed in. */
  user: string
  details: Readonly<Record<string, string | number>> | undefined
  reviews: Reviews | undefined
}

export interface Reviews {
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
export function escapeHtml(value: unknown): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  }
  return String(value).replace(/[&<>"']/g, (letter) => entities[letter] as string)
}

/** Who is signed in, or the form to do so. */
export function session(user: string): string {
  if (!user) return signInForm
  const name = escapeHtml(user)
  const initial = escapeHtml(user.charAt(0).toUpperCase())
  return `<p class="user"><span class="initial" aria-hidden="true">${initial}</span><span>${name} (<a href="logout">sign out</a>)</span></p>`
}

/** The form that signs in, opened by a button; a browser without popovers shows it in the page. */
const signInForm = `<button type="button" class="button" popovertarget="login-modal" aria-haspopup="dialog">Sign in</button>
<div id="login-modal" class="modal" popover role="dialog" aria-labelledby="login-title">
<form method="post" action="login" name="login_form">
<h2 id="login-title">Please sign in</h2>
<label for="username">User Name</label>
<input id="username" name="username" type="text" class="field" autocomplete="username" autocapitalize="none" autofocus required>
<label for="passwd">Password</label>
<input id="passwd" name="passwd" type="password" class="field" autocomplete="current-password">
<p class="hint">Any password will do.</p>
<div class="actions">
<button type="button" class="button quiet" popovertarget="login-modal" popovertargetaction="hide">Cancel</button>
<button type="submit" class="button">Sign in</button>
</div>
</form>
</div>`

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
