/** What an analysis looks at, and what it says. */
import type { KubeObject } from '../../objects.ts'

export const levels = ['Error', 'Warning', 'Info'] as const

export interface Finding {
  level: (typeof levels)[number]
  code: string
  /** `VirtualService default/reviews` */
  about: string
  text: string
}

/** What there is to look at, in all namespaces. */
export interface Mesh {
  namespaces: readonly KubeObject[]
  pods: readonly KubeObject[]
  services: readonly KubeObject[]
  secrets: readonly KubeObject[]
  virtualServices: readonly KubeObject[]
  destinationRules: readonly KubeObject[]
  gateways: readonly KubeObject[]
  serviceEntries: readonly KubeObject[]
}

// biome-ignore lint/suspicious/noExplicitAny: parts of Istio's objects are known by their schemas
export type Part = any

export function path({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name
}

/** A function that makes the findings about one object. */
export function about(object: KubeObject): (level: Finding['level'], code: string, text: string) => Finding {
  return (level, code, text) => ({ level, code, about: `${object.kind} ${path(object)}`, text })
}
