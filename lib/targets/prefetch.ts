/**
 * Pulls the lesson's images into the node while other things are waited for: Istio's first, then Bookinfo's. It only
 * makes later waits shorter: what cannot be pulled here is for the kubelet to pull, or to complain of.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, sh } from '../sh.ts'
import { type RunOptions, runOnce } from '../shell.ts'
import { projectFolder } from '../state.ts'
import { versions } from '../versions.ts'

/** Pulls under way at once: more would only share the same line. */
const AT_ONCE = 3

/** Milliseconds for one image: a slow line takes minutes. */
const PULL_LIMIT_MS = 600_000

interface Prefetch {
  /** The node's container. */
  container: string
  env: NodeJS.ProcessEnv
  /** Ends the pulls with the run. */
  signal: AbortSignal
  /** Called with the number of images, where any is missing. */
  onStart: (images: number) => void
}

/** In the order in which the lesson needs them. */
export function imagesOfLesson(): string[] {
  const manifest = readFileSync(join(projectFolder, 'manifests', 'bookinfo.yaml'), 'utf8')
  const bookinfo = [...manifest.matchAll(/^\s*image: (\S+)$/gm)].map(([, image = '']) => image)
  return [...['proxyv2', 'pilot'].map((name) => `docker.io/istio/${name}:${versions.istio}`), ...new Set(bookinfo)]
}

/** A program of the node that knows its images, and how it is asked. */
interface Client {
  list: Command
  there: (output: string) => readonly string[]
  pull: (image: string) => Command
}

/** crictl pulls as the kubelet does; a node that was put together by hand may have only what comes with containerd. */
const clientsIn = (container: string): readonly Client[] => [
  {
    list: sh`docker exec ${container} crictl images -o json`,
    there: (output) =>
      (JSON.parse(output).images as { repoTags?: string[] }[]).flatMap(({ repoTags }) => repoTags ?? []),
    pull: (image) => sh`docker exec ${container} crictl pull ${image}`,
  },
  {
    list: sh`docker exec ${container} ctr --namespace k8s.io images ls -q`,
    there: (output) => output.split('\n'),
    pull: (image) =>
      sh`docker exec ${container} ctr --namespace k8s.io images pull --hosts-dir /etc/containerd/certs.d ${image}`,
  },
]

/** Ends when all is pulled that can be; never fails. */
export async function prefetch({ container, env, signal, onStart }: Prefetch): Promise<void> {
  const options: RunOptions = { env, signal, limitMs: PULL_LIMIT_MS }
  try {
    for (const { list, there, pull } of clientsIn(container)) {
      const { exitCode, stdout } = await runOnce(list, options)
      if (exitCode !== 0) continue
      const known = new Set(there(stdout))
      const wanted = imagesOfLesson().filter((image) => !known.has(image))
      if (wanted.length === 0) return
      onStart(wanted.length)
      const queue = wanted.values()
      const puller = async () => {
        for (const image of queue) await runOnce(pull(image), options)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, puller))
      return
    }
  } catch {
    // The run was stopped, or the node does not answer: what matters of that, the lesson's own commands say.
  }
}
