/** What Kubernetes 1.29 warns of when it is asked for: by API version and kind. */
import { groupVersion } from '../objects.ts'
import type { Kind } from './kind.ts'

const flowControl = (kind: string) =>
  `flowcontrol.apiserver.k8s.io/v1beta3 ${kind} is deprecated in v1.29+, unavailable in v1.32+; use flowcontrol.apiserver.k8s.io/v1 ${kind}`

const warnings: Readonly<Record<string, string>> = {
  'v1 ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
  'flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema': flowControl('FlowSchema'),
  'flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration': flowControl('PriorityLevelConfiguration'),
}

/** Of a custom kind its definition says so. */
export function deprecation(apiVersion: string, { kind, deprecated }: Kind): string | undefined {
  const [, version] = groupVersion(apiVersion)
  return deprecated?.(version) ?? warnings[`${apiVersion} ${kind}`]
}
