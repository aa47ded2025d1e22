/** `kubectl label` and `kubectl patch`: small changes of objects that are there. */
import { parse } from 'yaml'
import { ApiError } from '../cli/client.ts'
import { pathOf, shownName } from '../cli/resources.ts'
import type { KubeObject } from '../objects.ts'
import type { Command, Session, Target } from './session.ts'

const patchTypes: Readonly<Record<string, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
}

export const label: Command = {
  usage: 'label TYPE NAME KEY=VALUE|KEY- ... [--overwrite]',
  flags: { overwrite: { type: 'switch' }, all: { type: 'switch' }, selector: { type: 'value', short: 'l' } },
  run: async (session) => {
    const changes = session.words.filter(isLabelChange)
    if (changes.length === 0) throw new Error('at least one label update is required')
    const targets = await session.targets(session.words.filter((word) => !isLabelChange(word)))
    for (const target of targets) console.log(await relabel(target, changes, session))
  },
}

function isLabelChange(word: string): boolean {
  return /^[^/=]+(\/[^=]+)?=|^[^=]+-$/.test(word)
}

async function relabel(target: Target, changes: readonly string[], session: Session): Promise<string> {
  const shown = `${shownName(target.resource)}/${target.name}`
  const { metadata } = await session.get(target)
  const labels: Record<string, string | null> = {}
  for (const change of changes) {
    const equals = change.indexOf('=')
    const key = equals < 0 ? change.slice(0, -1) : change.slice(0, equals)
    const value = equals < 0 ? null : change.slice(equals + 1)
    const current = metadata.labels?.[key]
    if (value === null && current === undefined) console.log(`label "${key}" not found.`)
    if (value !== null && current !== undefined && current !== value && !session.line.isSet('overwrite'))
      throw new Error(`'${key}' already has a value (${current}), and --overwrite is false`)
    labels[key] = value
  }
  const isSame = Object.entries(labels).every(([key, value]) => (metadata.labels?.[key] ?? null) === value)
  if (isSame) return `${shown} not labeled`
  await send(target, { metadata: { labels } }, 'merge', 'kubectl-label', session)
  return Object.values(labels).some((value) => value !== null) ? `${shown} labeled` : `${shown} unlabeled`
}

export const patch: Command = {
  usage: 'patch TYPE NAME [--type strategic|merge|json] -p PATCH',
  flags: { type: { type: 'value' }, patch: { type: 'value', short: 'p' }, 'patch-file': { type: 'value' } },
  run: async (session) => {
    const text = session.line.value('patch')
    if (text === undefined) throw new Error('must specify --patch or --patch-file containing the contents of the patch')
    const type = session.line.value('type') ?? 'strategic'
    if (!(type in patchTypes))
      throw new Error(`--type must be one of [json merge strategic], not ${JSON.stringify(type)}`)
    const body = parsedPatch(text)
    for (const target of await session.targets()) {
      const before = await session.get(target)
      const after = await send(target, body, type, 'kubectl-patch', session)
      const isSame = after.metadata.resourceVersion === before.metadata.resourceVersion
      console.log(`${shownName(target.resource)}/${target.name} patched${isSame ? ' (no change)' : ''}`)
    }
  },
}

function parsedPatch(text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new Error(`unable to parse ${JSON.stringify(text)}: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
}

/** @throws in kubectl's words where the kind does not take this type of patch */
export async function send(
  { resource, name, namespace }: Target,
  body: unknown,
  type: string,
  manager: string,
  { client }: Session,
): Promise<KubeObject> {
  const contentType = patchTypes[type] as string
  try {
    return await client.send({
      method: 'PATCH',
      path: `${pathOf(resource, namespace, name)}?fieldManager=${manager}`,
      body,
      contentType,
    })
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.code !== 415) throw error
    const { group, version, kind } = resource
    throw new Error(`${contentType} is not supported by ${group}/${version}, Kind=${kind}: ${error.status.message}`, {
      cause: error,
    })
  }
}
