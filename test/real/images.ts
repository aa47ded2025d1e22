/** Images that have to be pulled: beforehand into the node, so that waits are short; and a registry that refuses. */
import * as assert from 'uvu/assert'
import { type RealLab, realLab } from './lab.ts'
import { type Registry, startRegistry } from './registry.ts'
import { passes, run, type Story, says, typed } from './story.ts'

/** With a registry of this machine's own, on clusters whose node has none of the lesson's images. */
function withRegistry(tell: (registry: Registry, remark: (text: string) => void) => Promise<void>): Story['tell'] {
  return async (lab, remark) => {
    const registry = await startRegistry(await gatewayOf(lab))
    try {
      await tell(registry, remark)
    } finally {
      registry.close()
    }
  }
}

/** This machine's address in the network of kind's nodes, which kind makes with its first cluster. */
async function gatewayOf(lab: RealLab): Promise<string> {
  const ask = () =>
    lab.program('docker', 'network', 'inspect', 'kind', '--format', '{{range .IPAM.Config}}{{println .Gateway}}{{end}}')
  let answer = await ask()
  if (answer.code !== 0) {
    await passes(lab, '01-install.ts', '--only', 'cluster')
    answer = await ask()
  }
  const gateway = /^\d+\.\d+\.\d+\.\d+$/m.exec(answer.stdout)?.[0]
  if (!gateway) throw new Error(`the network of kind has no gateway: ${answer.stdout}${answer.stderr}`)
  return gateway
}

/** Runs on a cluster of its own, which goes afterwards. */
async function onNewCluster<T>(work: (lab: RealLab) => Promise<T>): Promise<T> {
  const lab = await realLab()
  try {
    return await work(lab)
  } finally {
    await lab.close()
  }
}

interface Told {
  /** Seconds of the whole lesson on a new cluster. */
  whole: number
  /** Images of Bookinfo that the kubelet had to pull itself, while its pods were waited for. */
  pulled: number
}

function lessonOn(nodeImage: string, ...options: readonly string[]): Promise<Told> {
  return onNewCluster(async (lab) => {
    const start = performance.now()
    const output = await passes(lab, 'all.ts', '--node-image', nodeImage, ...options)
    const whole = (performance.now() - start) / 1000
    assert.is(/Pulling \d+ images/.test(output), options.length === 0, output)
    const events = await typed(lab, 'kubectl get events -o jsonpath=\'{range .items[*]}{.message}{"\\n"}{end}\'')
    return {
      whole,
      pulled: events.match(/^Successfully pulled image "docker.io\/istio\/examples-bookinfo/gm)?.length ?? 0,
    }
  })
}

export const images: readonly Story[] = [
  {
    title: 'images are pulled into the node beforehand: the kubelet finds those of Bookinfo there',
    tell: withRegistry(async ({ nodeImage }, remark) => {
      const without = await lessonOn(nodeImage, '--no-prefetch')
      const beforehand = await lessonOn(nodeImage)
      const inAll = `${beforehand.whole.toFixed(0)} s in all, ${without.whole.toFixed(0)} s with --no-prefetch`
      remark(`the kubelet pulled ${beforehand.pulled} of Bookinfo's images instead of ${without.pulled}; ${inAll}`)
      assert.equal([without.pulled, beforehand.pulled], [6, 0])
    }),
  },
  {
    title: "a registry's rate limit: named with what helps; once it is over, run again it passes",
    tell: withRegistry(({ nodeImage, limit }) =>
      onNewCluster(async (lab) => {
        await passes(lab, '01-install.ts', '--node-image', nodeImage, '--no-prefetch')
        limit(true)
        const { code, stderr } = await run(lab, '02-deploy.ts', '--timeout', '20')
        assert.is(code, 1, stderr)
        says(stderr, /too ?many ?requests.*limits pulls.*docker login/is)
        limit(false)
        // The kubelet itself waits ever longer between its tries.
        await typed(lab, 'kubectl delete pod --all --wait=false')
        await passes(lab, '02-deploy.ts')
      }),
    ),
  },
]
