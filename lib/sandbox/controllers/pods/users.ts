/** As whom the program of an image runs, and which pods that must not be. */
import { parseImage } from './images.ts'
import type { Container, Pod } from './pod.ts'

/** By name, where an image does not say a number; all others of Docker's library run as root. */
const users: readonly [repository: RegExp, user: string | number][] = [
  [/^library\/memcached$/, 'memcache'],
  [/^curlimages\/curl$/, 'curl_user'],
  [/^(library\/.*|nicolaka\/netshoot|fortio\/fortio|kennethreitz\/httpbin|kong\/httpbin)$/, 0],
]

/** Why a container must not run as whom its image says; undefined where it may. */
export function rootFault({ metadata, spec }: Pod, { name, image, securityContext }: Container): string | undefined {
  const { runAsNonRoot, runAsUser } = { ...spec.securityContext, ...securityContext }
  if (!runAsNonRoot) return undefined
  const where = `(pod: "${metadata.name}_${metadata.namespace}(${metadata.uid})", container: ${name})`
  if (runAsUser !== undefined)
    return runAsUser === 0 ? `container's runAsUser breaks non-root policy ${where}` : undefined
  const repository = parseImage(image)?.repository ?? ''
  const user = users.find(([known]) => known.test(repository))?.[1]
  if (user === 0) return `container has runAsNonRoot and image will run as root ${where}`
  return user === undefined
    ? undefined
    : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root ${where}`
}
