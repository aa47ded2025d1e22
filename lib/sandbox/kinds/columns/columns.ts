/** The columns of each built-in kind. */
import type { Column } from '../kind.ts'
import { clusterColumns } from './cluster.ts'
import { age, nameColumn } from './common.ts'
import { networkColumns } from './network.ts'
import { podColumns } from './pods.ts'
import { workloadColumns } from './workloads.ts'

const table: Readonly<Record<string, readonly Column[]>> = {
  pods: podColumns,
  ...workloadColumns,
  ...networkColumns,
  ...clusterColumns,
}

const plain: readonly Column[] = [nameColumn, age]

/** By the name that the store has for the kind. */
export function columnsOf(resource: string): readonly Column[] {
  return table[resource] ?? plain
}
