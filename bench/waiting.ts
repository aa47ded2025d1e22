/**
 * Waiting on a real cluster, beside `kubectl wait` for the same change: how much later the lesson's wait notices, and how
 * many requests it makes of the API, with few pods and with many. To reach: at most 0.1 s later, and the same few
 * requests however many pods there are.
 */
import { available } from '../lib/conditions.ts'
import { connect, type Kube } from '../lib/kube.ts'
import { waitFor } from '../lib/wait.ts'
import { en } from '../lib/words/en.ts'
import { type RealLab, succeeds } from '../test/real/lab.ts'
import { table, timed } from './measure.ts'

const LIMIT_MS = 300_000

const sizes = [1, 5, 20]

/** The result as a table of Markdown. */
export async function benchWaiting(lab: RealLab): Promise<string> {
  await succeeds(lab.script('01-install.ts', ...lab.target, '--only', 'cluster'))
  const rows: (string | number)[][] = []
  for (const size of sizes) rows.push([size, ...(await measured(lab, size))])
  return table(['pods', 'kubectl wait', 'the lesson', 'later by', 'requests'], rows)
}

async function measured(lab: RealLab, pods: number): Promise<(string | number)[]> {
  const name = `load-${pods}`
  const { kube, requests } = counting(await connect(lab.kubeconfig))
  // Both wait from before the change on.
  await succeeds(lab.type(`kubectl create deployment ${name} --image "$(${PAUSE})" --replicas 0`))
  const typed = timed(() =>
    succeeds(
      lab.type(`kubectl wait --for=jsonpath='{.status.availableReplicas}'=${pods} deploy/${name} --timeout=300s`),
    ),
  )
  const waited = timed(() => waitFor(kube, available('default', name), { words: en, limitMs: LIMIT_MS }))
  await succeeds(lab.type(`kubectl scale deploy ${name} --replicas ${pods}`))
  const [byKubectl, byLesson] = await Promise.all([typed, waited])
  await succeeds(lab.type(`kubectl delete deploy ${name} --cascade=foreground`))
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
  return [seconds(byKubectl), seconds(byLesson), seconds(byLesson - byKubectl), requests()]
}

/** An image that every node has. */
const PAUSE = `kubectl get nodes -o jsonpath='{.items[0].status.images[*].names[*]}' | tr ' ' '\\n' | grep -m1 /pause:`

/** Each list and each watch is one request. */
function counting(kube: Kube): { kube: Kube; requests: () => number } {
  let count = 0
  return {
    kube: {
      ...kube,
      list: (...given) => {
        count++
        return kube.list(...given)
      },
      watch: (...given) => {
        count++
        return kube.watch(...given)
      },
    },
    requests: () => count,
  }
}
