/** Clusters that the lesson has not made. */
import { type Command, sh } from '../sh.ts'
import type { LabRecord } from '../state.ts'

/** What section 1 itself has set there, last thing first; the cluster stays. */
export function removalFromShared(made: LabRecord['made']): Command[] {
  return [
    ...(made.sidecars ? [sh`kubectl label namespace default istio-injection-`] : []),
    ...(made.istio ? [sh`istioctl uninstall --purge -y`, sh`kubectl delete namespace istio-system`] : []),
  ]
}
