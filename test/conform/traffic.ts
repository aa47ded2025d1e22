/** All cases of traffic. */
import type { TrafficCase } from './traffic/case.ts'
import { destinations } from './traffic/destinations.ts'
import { edits } from './traffic/edits.ts'
import { failures } from './traffic/failures.ts'
import { gateways } from './traffic/gateways.ts'
import { matches } from './traffic/matches.ts'
import { protocol } from './traffic/protocol.ts'
import { sidecars } from './traffic/sidecars.ts'

export const trafficCases: readonly TrafficCase[] = [
  ...matches,
  ...edits,
  ...failures,
  ...destinations,
  ...gateways,
  ...protocol,
  ...sidecars,
]
