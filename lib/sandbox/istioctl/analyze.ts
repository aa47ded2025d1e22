/** `istioctl analyze`: some of its checks, with its codes and words (istio.io/istio/pkg/config/analysis at 1.21.2). */
import type { KubeObject } from '../objects.ts'
import { analyzeDestinations } from './analysis/destinations.ts'
import { type Finding, levels, type Mesh } from './analysis/finding.ts'
import { analyzeGateway } from './analysis/gateways.ts'
import { analyzeVirtualService } from './analysis/virtual-services.ts'
import {
  analyzeDestinationRule,
  analyzeNamespace,
  analyzePod,
  analyzeService,
  systemNamespaces,
} from './analysis/workloads.ts'

/** The checks that are made here; the real istioctl makes more. */
export const codes = [
  'IST0101',
  'IST0102',
  'IST0103',
  'IST0109',
  'IST0112',
  'IST0118',
  'IST0123',
  'IST0128',
  'IST0129',
  'IST0130',
  'IST0131',
  'IST0132',
  'IST0135',
  'IST0140',
  'IST0145',
  'IST0162',
] as const

type Check = (object: KubeObject, mesh: Mesh) => Finding[]

const checks: Readonly<Partial<Record<keyof Mesh, readonly Check[]>>> = {
  namespaces: [analyzeNamespace],
  pods: [analyzePod],
  services: [analyzeService],
  gateways: [analyzeGateway],
  virtualServices: [analyzeVirtualService, analyzeDestinations],
  destinationRules: [analyzeDestinationRule],
}

/** The findings in a namespace, or everywhere; the worst first. */
export function analyze(mesh: Mesh, namespace: string | undefined): Finding[] {
  const isAsked = ({ metadata, kind }: KubeObject) => {
    const home = kind === 'Namespace' ? metadata.name : (metadata.namespace as string)
    return (namespace === undefined || home === namespace) && !systemNamespaces.includes(home)
  }
  const findings = Object.entries(checks).flatMap(([kind, all]) =>
    mesh[kind as keyof Mesh].filter(isAsked).flatMap((object) => all.flatMap((check) => check(object, mesh))),
  )
  const rank = ({ level, code, about, text }: Finding) => [levels.indexOf(level), code, about, text].join(' ')
  const distinct = new Map(findings.map((finding) => [rank(finding), finding]))
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding)
}
