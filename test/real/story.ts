/** What the stories on a real cluster have in common. */
import * as assert from 'uvu/assert'
import type { Ended } from '../support/lab.ts'
import type { RealLab } from './lab.ts'

export interface Story {
  title: string
  /**
   * @param remark for what the page of what was verified should say beside the result
   * @throws where it does not go as it should
   */
  tell: (lab: RealLab, remark: (text: string) => void) => Promise<void>
}

/** @throws with the whole text, where the pattern (or the words) is not in it */
export function says(text: string, pattern: RegExp | string): void {
  assert.match(text, pattern, `expected ${pattern}, got:\n${text}`)
}

/** Runs a script of the lesson on the lab's cluster. */
export function run(lab: RealLab, script: string, ...args: readonly string[]): Promise<Ended> {
  return lab.script(script, ...lab.target, ...args)
}

/** Runs a script that must end well. */
export async function passes(lab: RealLab, script: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(lab, script, ...args)
  assert.is(code, 0, stdout + stderr)
  return stdout
}

/** Runs a script that must fail, with this word on the cause, and without a stack. */
export async function fails(lab: RealLab, names: RegExp, script: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(lab, script, ...args)
  assert.is(code, 1, stdout + stderr)
  says(stderr, names)
  assert.not.match(stderr, /\n +at /)
}

/** Types what must succeed. */
export async function typed(lab: RealLab, lines: string): Promise<string> {
  const { code, stdout, stderr } = await lab.type(lines)
  assert.is(code, 0, stderr)
  return stdout
}
