/** Proxies, and the registries that the lesson's images come from. */
import type { Examination, Finding } from './finding.ts'

/** What a proxy must not be asked for: the page, and the cluster's API. */
const OWN_NAMES = ['localhost', '127.0.0.1'] as const

/** Node image, Istio's and Bookinfo's all come from Docker Hub, which wants a token from its other host. */
const REGISTRIES = ['registry-1.docker.io', 'auth.docker.io'] as const

export async function proxy({ machine, words: { doctor } }: Examination): Promise<Finding> {
  const { proxy: say } = doctor
  const address = proxyOf(machine.env)
  if (!address) return { verdict: 'ok', what: say.none }
  const leftOut = (machine.env.NO_PROXY ?? machine.env.no_proxy ?? '').split(',').map((name) => name.trim())
  const missing = leftOut.includes('*') ? [] : OWN_NAMES.filter((name) => !leftOut.includes(name))
  if (missing.length === 0) return { verdict: 'ok', what: say.leavesOut(address) }
  const value = [...leftOut.filter(Boolean), ...missing].join(',')
  return { verdict: 'warn', what: say.notLeftOut(address, missing), why: say.why, mend: say.mend(value) }
}

export async function registries({ machine, words: { doctor } }: Examination): Promise<Finding> {
  const { registries: say } = doctor
  const answers = await Promise.all(REGISTRIES.map((host) => machine.answers(`https://${host}/v2/`)))
  const silent = REGISTRIES.filter((_, i) => !answers[i])
  if (silent.length === 0) return { verdict: 'ok', what: say.reached(REGISTRIES) }
  return {
    verdict: 'warn',
    what: say.notReached(silent),
    why: proxyOf(machine.env) ? say.whyProxy : say.why,
    mend: say.mend,
  }
}

/** Without the credentials that may stand in it. */
function proxyOf(env: NodeJS.ProcessEnv): string | undefined {
  const address = env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy
  return address?.replace(/\/\/[^@/]*@/, '//')
}
