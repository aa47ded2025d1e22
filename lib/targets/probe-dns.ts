/**
 * Has a new cluster's DNS asked more often whether it is ready. Istio's gateways find istiod by name, and the kubelet
 * asks CoreDNS every ten seconds only: on a machine that is busy the first times come too early, and each costs ten
 * seconds. Whenever a pod changes, the kubelet asks at once those of its containers that are not ready yet
 * (UpdatePodStatus of its prober manager): so an annotation is changed, and taken away again in the end.
 */
import { type Item, isTrue, type Kube, resources } from '../kube.ts'
import { retry } from '../retry.ts'
import { sh } from '../sh.ts'
import { runOnce } from '../shell.ts'

const namespace = 'kube-system'
const app = 'kube-dns'
const annotation = 'probe-again'

/** Milliseconds after which DNS is left to the kubelet: something else than a probe that came too early is wrong. */
const LIMIT_MS = 60_000

/** For one kubectl. */
const CHANGE_LIMIT_MS = 10_000

interface Probing {
  kube: () => Promise<Kube>
  env: NodeJS.ProcessEnv
  /** Ends it with the run. */
  signal: AbortSignal
}

/** Ends when DNS is ready; never fails: the kubelet comes to the same end by itself. */
export async function probeDns({ kube, env, signal }: Probing): Promise<void> {
  const annotate = (change: string) =>
    runOnce(sh`kubectl annotate pods -n ${namespace} -l ${`k8s-app=${app}`} --overwrite ${change}`, {
      env,
      signal,
      limitMs: CHANGE_LIMIT_MS,
    })
  let times = 0
  try {
    await retry(
      async () => {
        const { items } = await (await kube()).list(resources.pods, namespace)
        const pods = items.filter(({ metadata }) => metadata?.labels?.['k8s-app'] === app)
        if (pods.length > 0 && pods.every(isReady)) return
        if (pods.some(runsUnready)) await annotate(`${annotation}=${++times}`)
        throw new Error('DNS is not ready')
      },
      { limitMs: LIMIT_MS, signal },
    )
  } catch {
    // The run was stopped, or DNS is late: what matters of that, the lesson's own waits say.
  }
  if (times > 0) await annotate(`${annotation}-`).catch(() => undefined)
}

function isReady(pod: Item): boolean {
  return isTrue(pod, 'Ready')
}

function runsUnready(pod: Item): boolean {
  return pod.status?.phase === 'Running' && !isReady(pod)
}
