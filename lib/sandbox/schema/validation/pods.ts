/** Pods. */
import type { KubeObject } from '../../objects.ts'
import { checkImages } from './containers.ts'
import { checkPodSpec } from './pod-spec.ts'
import { forbidden, type Problem } from './problems.ts'

export function checkPod({ spec = {} }: KubeObject): Problem[] {
  return [
    ...checkPodSpec(spec, 'spec', true),
    ...(spec.ephemeralContainers?.length ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...checkImages(spec, 'spec'),
  ]
}

/** Who must wait at a gate has no node yet. */
export function checkNewPod({ spec = {} }: KubeObject): Problem[] {
  return spec.nodeName && spec.schedulingGates?.length
    ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')]
    : []
}
