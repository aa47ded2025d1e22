/** A part of an object, known by its kind's schema: that has been checked before istiod looks at it. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Part = any

/** Whether a list holds anything: to istiod, which reads objects as protocol buffers, an empty one is none. */
export function isFilled(list: readonly unknown[] | undefined | null): list is readonly unknown[] {
  return Array.isArray(list) && list.length > 0
}
