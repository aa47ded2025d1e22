/**
 * Why traffic does not go where it should, as far as the cluster's own objects tell: each cause below looks for one
 * kind of fault and says it in a sentence. The first causes are the likelier ones.
 */
import { drift, manifestsOf } from './causes/drift.ts'
import { foreignPolicies, otherWaysIn, policyKinds, severalDestinationRules } from './causes/foreign.ts'
import { noRoute, otherRoutes, otherServices, severalRoutes, undefinedSubsets, withoutEffect } from './causes/routes.ts'
import { type Cause, type Finding, readState, type WantedRule } from './causes/state.ts'
import { wayIn } from './causes/way-in.ts'
import { notRunning, otherPods, withoutSidecar } from './causes/workloads.ts'
import type { Kube } from './kube.ts'
import type { Words } from './words/en.ts'

const ofTraffic: readonly Cause[] = [
  notRunning,
  withoutSidecar,
  withoutEffect,
  noRoute,
  severalRoutes,
  otherRoutes,
  undefinedSubsets,
  severalDestinationRules,
  otherWaysIn,
  drift,
  otherPods,
  foreignPolicies,
]

/** Of what no other cause explains: there, the cluster says what the lesson's manifests say. */
const ofManifests: readonly Cause[] = [wayIn, otherServices]

/** Istio joins the rules of a host: the lesson's own may be right, and somebody else's in the way. */
const ofRules: readonly Cause[] = [severalDestinationRules]

/** The causes, and the commands that mend them; to be part of a failure. */
export interface Diagnosis {
  why: string[]
  mend: string | undefined
}

/**
 * Why traffic goes elsewhere.
 * @param wanted the rules that are expected to decide; undefined where none is, and each that decides is a cause
 * @param fault what a visit complained of, said when no object explains it
 */
export function routeCauses(
  kube: Kube,
  words: Words,
  wanted: readonly WantedRule[] | undefined,
  fault: string | readonly string[] = [],
): Promise<Diagnosis> {
  return diagnose([ofTraffic, ofManifests], kube, words, wanted, fault)
}

/** Why destination rules do not say what the lesson's do. */
export function ruleCauses(kube: Kube, words: Words): Promise<Diagnosis> {
  return diagnose([ofRules], kube, words, undefined, [])
}

/** @param causes the later ones only where the earlier explain nothing */
async function diagnose(
  causes: readonly (readonly Cause[])[],
  kube: Kube,
  words: Words,
  wanted: readonly WantedRule[] | undefined,
  fault: string | readonly string[],
): Promise<Diagnosis> {
  try {
    const state = await readState(kube, policyKinds, { words, wanted, manifests: await manifestsOf(wanted) })
    for (const some of causes) {
      const found = some.flatMap((cause) => cause(state))
      if (found.length > 0) return diagnosis(found)
    }
    const said = [fault].flat().join(', ')
    return diagnosis(said ? [{ why: words.causes.page(said) }] : [])
  } catch (error) {
    return diagnosis([{ why: words.causes.apiSilent(error instanceof Error ? error.message : String(error)) }])
  }
}

/** Each command once, in the order of the causes. */
function diagnosis(findings: readonly Finding[]): Diagnosis {
  const mends = new Set(findings.flatMap(({ mend }) => mend?.split('\n') ?? []))
  return { why: findings.map(({ why }) => why), mend: mends.size > 0 ? [...mends].join('\n') : undefined }
}
