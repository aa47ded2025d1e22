/** Faults of the machine and of the cluster: what is said, and that running again mends it. */
import type { Story } from './story.ts'

export const faults: readonly Story[] = []
