/**
 * Readiness probes, as far as they can be judged: the sandbox knows where Bookinfo's services listen and what they
 * answer. Other images and commands are given the benefit of the doubt.
 */
import { findApplication } from '../../bookinfo/bookinfo.ts'
import { type Application, CallError, type Workload } from '../../mesh/application.ts'
import { applicationContainers, hasSidecar } from '../../mesh/pods.ts'
import type { Container, Pod } from './pod.ts'
import { containers } from './status.ts'

/** Undefined where the answer has not come yet, empty where the probe passes, otherwise the kubelet's words. */
export type Verdict = string | undefined

const PASSED = ''

interface Target {
  path: string | undefined
  port: number
}

/** What the kubelet finds when it asks whether a container is ready. */
export function readiness(pod: Pod, container: Container): Verdict {
  const own = applicationContainers(pod)
  const target = own.includes(container) ? targetOf(pod, container) : undefined
  const applications = own.map(played)
  // Containers of a pod share their ports: one that is not known may be who listens.
  if (!target || applications.some((application) => !application)) return PASSED
  const listening = (applications as Application[]).find(({ port }) => port === target.port)
  if (!listening) return failure(isRewritten(container) ? statusCode(500) : refused(pod, target))
  if (target.path === undefined) return PASSED
  const status = answered(listening, target.path)
  if (status === undefined) return undefined
  return status >= 200 && status < 400 ? PASSED : failure(statusCode(status))
}

function failure(why: string): string {
  return `Readiness probe failed: ${why}`
}

function statusCode(status: number): string {
  return `HTTP probe failed with statuscode: ${status}`
}

function refused({ status }: Pod, { path, port }: Target): string {
  const address = `${status.podIP}:${port}`
  const dialled = `dial tcp ${address}: connect: connection refused`
  return path === undefined ? dialled : `Get "http://${address}${path}": ${dialled}`
}

function played({ image, command }: Container): Application | undefined {
  return command ? undefined : findApplication(image)
}

/** Where a probe asks, behind the sidecar that it may go through; undefined where it asks in another way. */
function targetOf(pod: Pod, container: Container): Target | undefined {
  const probe = isRewritten(container) && hasSidecar(pod) ? originalProbe(pod, container) : container.readinessProbe
  const asked = probe?.httpGet ?? probe?.tcpSocket
  if (!asked || asked.host || asked.scheme === 'HTTPS') return undefined
  const { port, path } = asked
  const number = Number.isNaN(Number(port)) ? portNamed(container, port) : Number(port)
  return number === undefined ? undefined : { port: number, path: probe.httpGet ? (path ?? '/') : undefined }
}

function portNamed({ ports = [] }: Container, wanted: string): number | undefined {
  return ports.find(({ name }) => name === wanted)?.containerPort
}

function isRewritten({ readinessProbe }: Container): boolean {
  return readinessProbe?.httpGet?.path?.startsWith('/app-health/') === true
}

/** What the sidecar was told of the probe that now goes through it. */
function originalProbe(pod: Pod, { readinessProbe }: Container): Container['readinessProbe'] {
  const env = containers(pod).flatMap(({ env: own = [] }) => own)
  const told = env.find(({ name }: { name: string }) => name === 'ISTIO_KUBE_APP_PROBERS')?.value
  return told ? JSON.parse(told)[readinessProbe.httpGet.path] : undefined
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
