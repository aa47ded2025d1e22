/** `kubectl delete`: by file, name or label; waits until the objects are gone. */
import { ApiError } from '../cli/client.ts'
import { pathOf, shownName } from '../cli/resources.ts'
import { readManifests } from './manifests.ts'
import type { Command, Session, Target } from './session.ts'

const policies: Readonly<Record<string, string>> = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
}

export const remove: Command = {
  usage: 'delete -f FILE|- | TYPE NAME ...|-l LABELS|--all [--ignore-not-found] [--cascade=foreground] [--wait=false]',
  flags: {
    filename: { type: 'list', short: 'f' },
    selector: { type: 'value', short: 'l' },
    all: { type: 'switch' },
    'ignore-not-found': { type: 'switch' },
    cascade: { type: 'value' },
    wait: { type: 'switch' },
    now: { type: 'switch' },
    force: { type: 'switch' },
    'grace-period': { type: 'value' },
    timeout: { type: 'value' },
  },
  run: async (session) => {
    const { line } = session
    const isByFile = line.values('filename').length > 0
    const targets: Target[] = isByFile ? await readManifests(session) : await session.targets()
    const deleted: Target[] = []
    let failed: unknown
    for (const target of targets)
      try {
        await deleteOne(target, session)
        console.log(`${shownName(target.resource)} "${target.name}" deleted`)
        deleted.push(target)
      } catch (error) {
        const isMissing = error instanceof ApiError && error.status.code === 404
        if (!isMissing || !line.isSet('ignore-not-found')) failed ??= error
      }
    if (line.value('wait') !== 'false') await Promise.all(deleted.map((target) => untilGone(target, session)))
    if (failed) throw failed
  },
}

async function deleteOne({ resource, name, namespace }: Target, { client, line }: Session): Promise<void> {
  const cascade = line.value('cascade') ?? 'background'
  const propagationPolicy = policies[cascade]
  if (!propagationPolicy)
    throw new Error(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`)
  const grace = line.isSet('now') ? '1' : line.isSet('force') ? '0' : line.value('grace-period')
  await client.send({
    method: 'DELETE',
    path: pathOf(resource, namespace, name),
    body: {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy,
      ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    },
  })
}

/** Waits by watch until there is no object of this name, or another one. */
export async function untilGone(target: Target, session: Session): Promise<void> {
  const found = await session.find(target)
  if (!found) return
  const { uid, resourceVersion } = found.metadata
  const query = new URLSearchParams({
    watch: 'true',
    resourceVersion: resourceVersion as string,
    fieldSelector: `metadata.name=${target.name}`,
  })
  for await (const { type, object } of session.client.watch(`${pathOf(target.resource, target.namespace)}?${query}`))
    if (type === 'DELETED' || object.metadata.uid !== uid) return
  await untilGone(target, session)
}
