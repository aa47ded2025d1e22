/** One and the same set of fields for all objects that have it: those of a kind mostly do, and sets are large. */
import type { FieldSet } from '../objects.ts'

const known = new Map<string, WeakRef<FieldSet>>()
const gone = new FinalizationRegistry<string>((text) => {
  // Another set of the same text may have come since.
  if (known.get(text)?.deref() === undefined) known.delete(text)
})

/** The set that is kept for all that are equal to this one. */
export function shared(set: FieldSet): FieldSet {
  const text = JSON.stringify(set)
  const found = known.get(text)?.deref()
  if (found) return found
  known.set(text, new WeakRef(set))
  gone.register(set, text)
  return set
}
