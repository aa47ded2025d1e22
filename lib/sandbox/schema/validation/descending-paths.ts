/** Paths that stay below the place they start at. */
import { invalid, type Problem } from './problems.ts'

export function checkDescending(text: string, path: string): Problem[] {
  return [
    ...(text.startsWith('/') ? [invalid(path, text, 'must be a relative path')] : []),
    ...checkNoBacksteps(text, path),
  ]
}

export function checkNoBacksteps(text: string, path: string): Problem[] {
  return text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : []
}
