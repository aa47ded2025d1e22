/** All groups of commands, in their order: what one changes, the next may see. */
import { changing } from './commands/changing.ts'
import { cluster } from './commands/cluster.ts'
import { definitions } from './commands/definitions.ts'
import { evictions } from './commands/eviction.ts'
import { fixed } from './commands/fixed.ts'
import type { Group } from './commands/group.ts'
import { namespaces } from './commands/namespaces.ts'
import { pods } from './commands/pods.ts'
import { reading } from './commands/reading.ts'
import { requests } from './commands/requests.ts'
import { storage } from './commands/storage.ts'
import { validation } from './commands/validation.ts'
import { workloads } from './commands/workloads.ts'

export const commandGroups: readonly Group[] = [
  ...cluster,
  ...reading,
  ...changing,
  ...definitions,
  ...validation,
  ...requests,
  ...pods,
  ...evictions,
  ...storage,
  ...workloads,
  ...fixed,
  ...namespaces,
]
