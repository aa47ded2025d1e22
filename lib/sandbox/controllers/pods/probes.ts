/**
 * Probes, as far as they can be judged: the sandbox knows where Bookinfo's services listen and what they answer, and of
 * a few commands how they end. Other images and commands are given the benefit of the doubt.
 */
import { findApplication } from '../../bookinfo/bookinfo.ts'
import { numError } from '../../go/strconv.ts'
import { type Application, CallError, type Workload } from '../../mesh/application.ts'
import { applicationContainers, hasSidecar } from '../../mesh/pods.ts'
import type { Container, Pod } from './pod.ts'
import { commandOf } from './programs.ts'
import { courseOfCommand } from './shell.ts'
import { containers } from './status.ts'

/** Undefined where the answer has not come yet, empty where the probe passes, otherwise the kubelet's words. */
export type Verdict = string | undefined

export const PASSED = ''

interface Target {
  path: string | undefined
  port: number
}

/** What is asked: whether a container is ready, is well, has started. */
export type Probe = 'readiness' | 'liveness' | 'startup'

/** Of a probe, in seconds, and how many failures in a row count. */
export interface ProbeTimes {
  delay: number
  period: number
  most: number
}

/** As the server has filled them in; undefined where a container has no probe of this kind. */
export function timesOf(container: Container, probe: Probe): ProbeTimes | undefined {
  const settings = settingsOf(container, probe)
  if (!settings) return undefined
  const { initialDelaySeconds: delay = 0, periodSeconds: period = 10, failureThreshold: most = 3 } = settings
  return { delay, period, most }
}

/** Milliseconds until a container is first asked: the first of the probe's periods after its delay. */
export function probeDelay(container: Container, probe: Probe): number {
  const { delay, period } = timesOf(container, probe) ?? { delay: 0, period: 1 }
  return Math.ceil(delay / period) * period * 1000
}

function settingsOf(container: Container, probe: Probe): Container['readinessProbe'] | undefined {
  return container[`${probe}Probe`]
}

/** What the kubelet finds when it asks. */
export function verdictOn(pod: Pod, container: Container, probe: Probe): Verdict {
  const settings = settingsOf(container, probe)
  if (!settings) return PASSED
  const named = `${probe.charAt(0).toUpperCase()}${probe.slice(1)} probe`
  const failed = (why: string) => `${named} failed: ${why}`
  const unknown = unknownPort(settings, container)
  if (unknown) return `${named} errored: ${numError('Atoi', unknown, 'invalid syntax')}`
  if (settings.exec) {
    const { lines, end } = courseOfCommand(settings.exec.command ?? [], () => undefined)
    return end?.exitCode ? failed(lines.map(({ text }) => `${text}\n`).join('')) : PASSED
  }
  const own = applicationContainers(pod)
  const isRewritten = settings.httpGet?.path?.startsWith('/app-health/') === true
  const asked = isRewritten && hasSidecar(pod) ? originalProbe(pod, settings) : settings
  const target = own.includes(container) ? targetOf(asked, container) : undefined
  const applications = own.map(played)
  // Containers of a pod share their ports: one that is not known may be who listens.
  if (!target || applications.some((application) => !application)) return PASSED
  const listening = (applications as Application[]).find(({ port }) => port === target.port)
  if (!listening) return failed(isRewritten ? statusCode(500) : refused(pod, target))
  if (target.path === undefined) return PASSED
  const status = answered(listening, target.path)
  if (status === undefined) return undefined
  return status >= 200 && status < 400 ? PASSED : failed(statusCode(status))
}

/** Whether a probe could not even ask: that counts neither way. */
export function isErrored(verdict: Verdict): boolean {
  return / probe errored: /.test(verdict ?? '')
}

function unknownPort(probe: Container['readinessProbe'], container: Container): string | undefined {
  const port = (probe.httpGet ?? probe.tcpSocket)?.port
  const isName = port !== undefined && Number.isNaN(Number(port))
  return isName && portNamed(container, port) === undefined ? port : undefined
}

function statusCode(status: number): string {
  return `HTTP probe failed with statuscode: ${status}`
}

function refused({ status }: Pod, { path, port }: Target): string {
  const address = `${status.podIP}:${port}`
  const dialled = `dial tcp ${address}: connect: connection refused`
  return path === undefined ? dialled : `Get "http://${address}${path}": ${dialled}`
}

function played(container: Container): Application | undefined {
  return commandOf(container) ? undefined : findApplication(container.image)
}

/** Where a probe asks; undefined where it asks in another way. */
function targetOf(probe: Container['readinessProbe'], container: Container): Target | undefined {
  const asked = probe?.httpGet ?? probe?.tcpSocket
  if (!asked || asked.host || asked.scheme === 'HTTPS') return undefined
  const { port, path } = asked
  const number = Number.isNaN(Number(port)) ? portNamed(container, port) : Number(port)
  return number === undefined ? undefined : { port: number, path: probe.httpGet ? (path ?? '/') : undefined }
}

function portNamed({ ports = [] }: Container, wanted: string): number | undefined {
  return ports.find(({ name }) => name === wanted)?.containerPort
}

/** What the sidecar was told of the probe that now goes through it. */
function originalProbe(pod: Pod, { httpGet }: Container['readinessProbe']): Container['readinessProbe'] {
  const env = containers(pod).flatMap(({ env: own = [] }) => own)
  const told = env.find(({ name }: { name: string }) => name === 'ISTIO_KUBE_APP_PROBERS')?.value
  return told ? JSON.parse(told)[httpGet.path] : undefined
}

/** What an application answers does not change: it is asked once. */
const answers = new WeakMap<Application, Map<string, number | undefined>>()

/** The status with which an application answers; undefined until that is known. */
function answered(application: Application, path: string): number | undefined {
  let known = answers.get(application)
  if (!known) {
    known = new Map()
    answers.set(application, known)
  }
  if (!known.has(path)) {
    known.set(path, undefined)
    void ask(application, path).then((status) => known.set(path, status))
  }
  return known.get(path)
}

async function ask(application: Application, path: string): Promise<number> {
  const request = { method: 'GET', path, authority: 'probe', scheme: 'http', headers: {}, body: '' } as const
  try {
    return (await application.answer(request, alone)).status
  } catch {
    return 500
  }
}

/** A probe asks one service, whatever has become of the others. */
const alone: Workload = {
  pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' } },
  env: () => undefined,
  call: () => Promise.reject(new CallError('nobody is there')),
  log: () => undefined,
}
