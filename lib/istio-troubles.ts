/** What is wrong with Istio itself: without its control plane rules are refused or never arrive, without its gateway no page. */
import { type Kube, nameOf, resources } from './kube.ts'
import type { Words } from './words/en.ts'

const deployments = ['istiod', 'istio-ingressgateway']

/** One sentence a deployment; empty where all is well, where Istio is not installed, or where nothing can be asked. */
export async function istioTroubles(kube: () => Promise<Kube>, words: Words): Promise<string[]> {
  try {
    const { items } = await (await kube()).list(resources.deployments, 'istio-system')
    return items
      .filter((item) => deployments.includes(nameOf(item)))
      .flatMap((item) => {
        if (item.spec.replicas === 0) return [words.causes.scaledToZero(nameOf(item))]
        return (item.status?.availableReplicas ?? 0) > 0 ? [] : [words.causes.notAvailable(nameOf(item))]
      })
  } catch {
    // That the API cannot be asked is said by the failure that brought us here.
    return []
  }
}
