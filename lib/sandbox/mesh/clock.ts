/** The time as headers have it. */

let clock = { second: 0, text: '' }

/** Made once a second. */
export function now(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (clock.second !== second) clock = { second, text: new Date(second * 1_000).toUTCString() }
  return clock.text
}
