/** What containers have written. */
import type { Pod } from '../controllers/pods/pod.ts'
import { findFor } from '../controllers/pods/references.ts'
import { numError } from '../go/strconv.ts'
import { startUpLines } from '../mesh/start-up.ts'
import type { KubeObject } from '../objects.ts'
import { forbidden, invalid, invalidError, nonNegative } from '../schema/validation/problems.ts'
import { badRequest } from '../status.ts'
import type { Store, StoreEvent } from '../store/store.ts'
import type { Answer, Ask } from './exchange.ts'

interface LogLine {
  /** In milliseconds since 1970. */
  time: number
  text: string
}

/** Where the lines come from; `follow` calls the listener with each new line until the returned function is called. */
export interface Logs {
  read: (podUid: string, container: string) => readonly LogLine[]
  follow: (podUid: string, container: string, listener: (line: LogLine) => void) => () => void
}

/** kubelet's words for what keeps a container from starting (validateContainerLogStatus). */
const pullWords: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: 'trying and failing to pull image',
}

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

export interface LogSources {
  logs: Logs
  store: Store
  now: Date
}

/** @throws BadRequest when the container is not named, not there, has not begun, or had none before it */
export function logAnswer(pod: KubeObject, ask: Ask, { logs, store, now }: LogSources): Answer {
  const { query, signal } = ask
  const container = chosen(pod, query.get('container'))
  // No kubelet is there to be asked.
  if (!pod.spec.nodeName) return { code: 200, text: '', type: 'text/plain' }
  const status = statusOf(pod, container)
  const isPrevious = query.get('previous') === 'true'
  checkBegun(pod, container, status, isPrevious)
  const uid = pod.metadata.uid as string
  const withTime = query.get('timestamps') === 'true'
  const shown = ({ time, text }: LogLine) =>
    `${withTime ? `${new Date(time).toISOString().replace('Z', '000000Z')} ` : ''}${text}\n`
  const written = [
    ...startUpLines(pod, container, isPrevious, findFor(pod as Pod, { store })),
    ...ofOneRun(logs.read(uid, container), status, isPrevious),
  ]
  // A program that sleeps has not said yet what it will say.
  const past = written.filter(({ time }) => time <= now.getTime())
  const lines = asked(past, query, now).map(shown).join('')
  const type = 'text/plain'
  if (query.get('follow') !== 'true' || isPrevious || !status.state.running)
    return { code: 200, text: limited(lines, query), type }
  return {
    code: 200,
    type,
    stream: ({ write, end }) => {
      write(lines)
      const unfollow = logs.follow(uid, container, (line) => {
        if (!write(shown(line))) finish()
      })
      const unwatch = store.watch((event) => {
        if (isEnd(event, uid, status)) finish()
      })
      const finish = () => {
        unfollow()
        unwatch()
        signal.removeEventListener('abort', finish)
        end()
      }
      signal.addEventListener('abort', finish)
    },
  }
}

/** @throws BadRequest of what is no number or time, Invalid */
export function checkLogOptions(name: string, query: URLSearchParams): void {
  const number = (option: string) => {
    const text = query.get(option)
    if (text === null) return undefined
    if (!/^[-+]?\d+$/.test(text)) throw badRequest(numError('ParseInt', text))
    return Number(text)
  }
  const time = query.get('sinceTime')
  if (time !== null && Number.isNaN(Date.parse(time)))
    throw badRequest(
      `parsing time ${JSON.stringify(time)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(time)} as "2006"`,
    )
  const [tail, bytes, seconds] = ['tailLines', 'limitBytes', 'sinceSeconds'].map(number)
  const problems = [
    ...nonNegative(tail, 'tailLines'),
    ...(bytes !== undefined && bytes < 1 ? [invalid('limitBytes', bytes, 'must be greater than 0')] : []),
    ...(seconds !== undefined && query.has('sinceTime')
      ? [forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified')]
      : seconds !== undefined && seconds < 1
        ? [invalid('sinceSeconds', seconds, 'must be greater than 0')]
        : []),
  ]
  if (problems.length > 0) throw invalidError({ kind: 'PodLogOptions', group: '' }, name, problems)
}

/** Of a container that was started again, what the one that runs has written, or those before it. */
function ofOneRun(lines: readonly LogLine[], { state, restartCount }: Part, isPrevious: boolean): readonly LogLine[] {
  const { startedAt } = state.running ?? state.terminated ?? {}
  if (!restartCount || !startedAt) return lines
  const start = Date.parse(startedAt)
  return lines.filter(({ time }) => time < start === isPrevious)
}

/** Whether with this change the pod is gone, or another container runs in the place of the one that is listened to. */
function isEnd({ type, resource, object }: StoreEvent, uid: string, { name, containerID }: Part): boolean {
  if (resource !== 'pods' || object.metadata.uid !== uid) return false
  const now = statusOf(object, name)
  return type === 'DELETED' || !now?.state.running || now.containerID !== containerID
}

function asked(lines: readonly LogLine[], query: URLSearchParams, now: Date): readonly LogLine[] {
  const seconds = query.get('sinceSeconds')
  const moment = seconds ? now.getTime() - Number(seconds) * 1000 : Date.parse(query.get('sinceTime') ?? '')
  const recent = Number.isNaN(moment) ? lines : lines.filter(({ time }) => time >= moment)
  const tail = query.get('tailLines')
  return tail === null ? recent : recent.slice(recent.length - Math.min(Number(tail), recent.length))
}

function limited(text: string, query: URLSearchParams): string {
  const most = query.get('limitBytes')
  return most === null ? text : Buffer.from(text).subarray(0, Number(most)).toString()
}

function statusOf({ status }: KubeObject, container: string): Part {
  const all: Part[] = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
  return all.find(({ name }) => name === container)
}

function chosen({ metadata, spec }: KubeObject, asked: string | null): string {
  const { name } = metadata
  const containers: string[] = spec.containers.map((container: Part) => container.name)
  const inits: string[] = (spec.initContainers ?? []).map((container: Part) => container.name)
  if (!asked && containers.length > 1) {
    const choose = `choose one of: [${containers.join(' ')}]`
    const init = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
    throw badRequest(`a container name must be specified for pod ${name}, ${choose}${init}`)
  }
  const container = asked ?? (containers[0] as string)
  if (![...containers, ...inits].includes(container))
    throw badRequest(`container ${container} is not valid for pod ${name}`)
  return container
}

/** While a container waits to be started again, those that ran before it have their say. */
function checkBegun({ metadata: { name } }: KubeObject, container: string, status: Part, isPrevious: boolean): void {
  if (status?.lastState?.terminated) return
  if (isPrevious) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`)
  const waiting = status ? status.state.waiting?.reason : 'ContainerCreating'
  if (waiting)
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${pullWords[waiting] ?? waiting}`)
}
