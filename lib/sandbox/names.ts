/** Names that Kubernetes makes up. */
import { randomInt } from 'node:crypto'

/** No vowels, no look-alikes: k8s.io/apimachinery/pkg/util/rand. */
const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** `cvr7s`: what is put behind a generateName. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
}

/** Any text in the letters of `randomSuffix`, one for one (SafeEncodeString of the same package). */
export function safeEncode(text: string): string {
  return [...text].map((letter) => letters[(letter.codePointAt(0) as number) % letters.length]).join('')
}
