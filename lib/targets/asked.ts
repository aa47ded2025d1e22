/** What a target asks of this machine, for the checks that a script needs before it starts. */
import type { Asked } from '../doctor/finding.ts'
import { type LabRecord, labOf } from '../state.ts'

export function askedFor(record: LabRecord): Asked {
  const { target, name, port, nodeImage, named = false } = record
  return { target, name, named, made: labOf(record)?.made.cluster, port, portGiven: true, nodeImage }
}
