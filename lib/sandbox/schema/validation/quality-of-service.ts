/** Which pods go first when memory is short. */
import type { KubeObject } from '../../objects.ts'
import type { Part } from './problems.ts'

/** What counts; other resources do not. */
const counted = ['cpu', 'memory']

/** As the server works it out of what the containers ask for (pkg/apis/core/v1/helper/qos). */
export function qosClass({ spec }: KubeObject): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const all = [...(spec.initContainers ?? []), ...spec.containers] as Part[]
  const asked = all.map(({ resources }) => ({ limits: resources?.limits ?? {}, requests: resources?.requests ?? {} }))
  const asksFor = (amounts: Part) => counted.some((name) => amounts[name] !== undefined)
  if (!asked.some(({ limits, requests }) => asksFor(limits) || asksFor(requests))) return 'BestEffort'
  const isGuaranteed = asked.every(({ limits, requests }) =>
    counted.every((name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name]),
  )
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}
