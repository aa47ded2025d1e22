/** What Kubernetes 1.29 warns of when it is asked for: by API version and kind. */
const flowControl = (kind: string) =>
  `flowcontrol.apiserver.k8s.io/v1beta3 ${kind} is deprecated in v1.29+, unavailable in v1.32+; use flowcontrol.apiserver.k8s.io/v1 ${kind}`

const warnings: Readonly<Record<string, string>> = {
  'v1 ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
  'flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema': flowControl('FlowSchema'),
  'flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration': flowControl('PriorityLevelConfiguration'),
}

export function deprecation(apiVersion: string, kind: string): string | undefined {
  return warnings[`${apiVersion} ${kind}`]
}
