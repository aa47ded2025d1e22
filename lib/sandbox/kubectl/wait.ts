/** `kubectl wait` and `kubectl rollout status`: one look and one watch for each object. */
import { pathOf, shownName } from '../cli/resources.ts'
import type { KubeObject } from '../objects.ts'
import { send } from './change.ts'
import { untilGone } from './delete.ts'
import { readManifests } from './manifests.ts'
import type { Command, Session, Target } from './session.ts'

interface Condition {
  type: string
  status: string
}

export const wait: Command = {
  usage: 'wait --for=condition=NAME[=VALUE]|delete TYPE NAME ...|--all|-l LABELS [--timeout=30s]',
  flags: {
    for: { type: 'value' },
    timeout: { type: 'value' },
    all: { type: 'switch' },
    selector: { type: 'value', short: 'l' },
    filename: { type: 'list', short: 'f' },
    'all-namespaces': { type: 'switch', short: 'A' },
  },
  run: async (session) => {
    const wanted = session.line.value('for') ?? ''
    const limit = duration(session.line.value('timeout') ?? '30s')
    const isByFile = session.line.values('filename').length > 0
    const targets: Target[] = isByFile ? await readManifests(session) : await session.targets()
    if (targets.length === 0) throw new Error('no matching resources found')
    const condition = /^condition=(?<name>[^=]+)(=(?<value>.+))?$/.exec(wanted)?.groups
    if (wanted !== 'delete' && !condition) throw new Error(`unrecognized condition: ${JSON.stringify(wanted)}`)
    const deadline = Date.now() + limit
    for (const target of targets) {
      const { resource, name } = target
      const late = `timed out waiting for the condition on ${resource.plural}/${name}`
      if (condition) {
        await withLimit(untilTrue(target, session, condition as { name: string; value?: string }), deadline, late)
        console.log(`${shownName(resource)}/${name} condition met`)
      } else {
        await withLimit(untilGone(target, session), deadline, late)
        console.log(`${shownName(resource)}/${name} condition met`)
      }
    }
  },
}

async function untilTrue(
  target: Target,
  session: Session,
  { name, value = 'true' }: { name: string; value?: string },
): Promise<void> {
  const isMet = (object: KubeObject) =>
    ((object.status?.conditions ?? []) as Condition[]).some(
      ({ type, status }) => type.toLowerCase() === name.toLowerCase() && status.toLowerCase() === value.toLowerCase(),
    )
  await follow(target, session, (object) => isMet(object))
}

export const rollout: Command = {
  usage: 'rollout status|restart deployment NAME',
  flags: { timeout: { type: 'value' }, watch: { type: 'switch', short: 'w' } },
  run: async (session) => {
    const [verb = '', ...words] = session.words
    const verbs: Readonly<Record<string, (target: Target, session: Session) => Promise<void>>> = { status, restart }
    const run = verbs[verb]
    if (!run)
      throw new Error(
        `the sandbox's kubectl has rollout ${Object.keys(verbs).join(' and ')}; for "${verb}" take the real one`,
      )
    for (const target of await session.targets(words)) {
      if (target.resource.plural !== 'deployments') throw new Error(`the sandbox rolls out deployments only`)
      await run(target, session)
    }
  },
}

async function status(target: Target, session: Session): Promise<void> {
  const limit = duration(session.line.value('timeout') ?? '0s')
  let last = ''
  const watching = follow(target, session, (object) => {
    const { text, isDone } = rolloutProgress(object)
    if (text !== last) console.log(text)
    last = text
    return isDone || session.line.value('watch') === 'false'
  })
  await withLimit(
    watching,
    limit === 0 ? Number.POSITIVE_INFINITY : Date.now() + limit,
    'timed out waiting for the condition',
  )
}

/** kubectl's own sentences about a Deployment. @throws where the rollout has run out of time */
export function rolloutProgress({ metadata, spec, status = {} }: KubeObject): { text: string; isDone: boolean } {
  const { name, generation = 0 } = metadata
  const {
    replicas: total = 0,
    updatedReplicas: updated = 0,
    availableReplicas: available = 0,
    observedGeneration = 0,
  } = status
  const wanted = spec.replicas ?? 1
  const waiting = (why: string) => ({
    text: `Waiting for deployment "${name}" rollout to finish: ${why}...`,
    isDone: false,
  })
  if (generation > observedGeneration)
    return { text: 'Waiting for deployment spec update to be observed...', isDone: false }
  const progressing = ((status.conditions ?? []) as (Condition & { reason: string })[]).find(
    ({ type }) => type === 'Progressing',
  )
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    throw new Error(`deployment "${name}" exceeded its progress deadline`)
  if (updated < wanted) return waiting(`${updated} out of ${wanted} new replicas have been updated`)
  if (total > updated) return waiting(`${total - updated} old replicas are pending termination`)
  if (available < updated) return waiting(`${available} of ${updated} updated replicas are available`)
  return { text: `deployment "${name}" successfully rolled out`, isDone: true }
}

async function restart(target: Target, session: Session): Promise<void> {
  const restartedAt = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  const annotations = { 'kubectl.kubernetes.io/restartedAt': restartedAt }
  await send(target, { spec: { template: { metadata: { annotations } } } }, 'merge', 'kubectl-rollout', session)
  console.log(`${shownName(target.resource)}/${target.name} restarted`)
}

/** Shows the object as it is, then each change of it, until the caller has seen what it wants. */
async function follow(target: Target, session: Session, isEnough: (object: KubeObject) => boolean): Promise<void> {
  const { resource, name, namespace } = target
  const object = await session.get(target)
  if (isEnough(object)) return
  const query = new URLSearchParams({
    watch: 'true',
    resourceVersion: object.metadata.resourceVersion as string,
    fieldSelector: `metadata.name=${name}`,
  })
  for await (const event of session.client.watch(`${pathOf(resource, namespace)}?${query}`)) {
    if (event.type === 'DELETED') throw new Error(`${resource.plural} "${name}" was deleted`)
    if (event.type !== 'BOOKMARK' && isEnough(event.object)) return
  }
  // The server ends a watch from time to time.
  await follow(target, session, isEnough)
}

async function withLimit(work: Promise<void>, deadline: number, late: string): Promise<void> {
  if (!Number.isFinite(deadline)) return work
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(late)), Math.max(0, deadline - Date.now()))
  })
  try {
    await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Go's `1m30s` in milliseconds. */
function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.map(([part]) => part).join('') !== text || text === '')
    throw new Error(`invalid argument "${text}" for "--timeout" flag: time: invalid duration "${text}"`)
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit as string] as number), 0)
}
