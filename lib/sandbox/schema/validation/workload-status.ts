/** Counts of pods in the status of what keeps them running. */
import { invalid, nonNegative, type Part, type Problem } from './problems.ts'

interface Counts {
  /** None of them can be less than nothing. */
  all: readonly string[]
  /** Which cannot be more than `replicas`. */
  partial?: readonly string[]
  /** As the message names the pods that are ready, of which those that are available are a part. */
  ready?: string
}

export function checkStatus(status: Part, { all, partial = [], ready }: Counts): Problem[] {
  const { replicas = 0, readyReplicas = 0 } = status
  const atMost = (name: string, most: number, of: string): Problem[] => {
    const count = status[name] ?? 0
    return count > most ? [invalid(`status.${name}`, count, `cannot be greater than ${of}`)] : []
  }
  return [
    ...all.flatMap((name) => nonNegative(status[name], `status.${name}`)),
    ...partial.flatMap((name) => atMost(name, replicas, 'status.replicas')),
    ...(ready ? atMost('availableReplicas', readyReplicas, ready) : []),
  ]
}
