/** A clock that is set back while a process runs: what measures time by it would wait for an hour, or for ever. */

/** Milliseconds of the process's life after which its clock is an hour slow. */
const AFTER_MS = 1500

/** Run before anything else in each Node process. Node's timers go by another clock, as they do on a real machine. */
const module = `
const Real = Date
const now = () => Real.now() - (performance.now() > ${AFTER_MS} ? 3_600_000 : 0)
globalThis.Date = class extends Real {
  constructor(...given) { given.length === 0 ? super(now()) : super(...given) }
  static now() { return now() }
}`

/** For the environment of a script, as `NAME=VALUE`. */
export const clockSetBack = `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(module)}`
