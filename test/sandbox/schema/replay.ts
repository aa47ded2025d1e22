/** The requests of cases.ts, answered by the functions under test in the order in which the API calls them. */
import { setDefaults } from '../../../lib/sandbox/admission/defaults.ts'
import { resourceName } from '../../../lib/sandbox/kinds/kind.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { applyPatch } from '../../../lib/sandbox/schema/apply.ts'
import { decode, decodePatched, type FieldValidation } from '../../../lib/sandbox/schema/decode.ts'
import { trackUpdate } from '../../../lib/sandbox/schema/managed-fields.ts'
import { patch } from '../../../lib/sandbox/schema/patch.ts'
import { validate } from '../../../lib/sandbox/schema/validate.ts'
import { modified, StatusError } from '../../../lib/sandbox/status.ts'
import { type Answer, apiVersions, mediaTypes, namespace, type Request, type Story } from './cases.ts'
import { kindOf } from './kinds.ts'

const now = new Date(0)

export function replay(story: Story): Answer[] {
  let stored: KubeObject | undefined
  return story.map((request) => {
    try {
      const { object, warnings, status } = answer(request, stored)
      if (!request.query?.includes('dryRun')) stored = object
      return { status, warnings: warnings.map((text) => `299 - ${JSON.stringify(text)}`), body: object }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return { status: error.code, warnings: [], body: error.toStatus() }
    }
  })
}

function answer(
  { method, to, body, type, query }: Request,
  current: KubeObject | undefined,
): { object: KubeObject; warnings: string[]; status: number } {
  const [plural = ''] = to.split('/')
  const kind = kindOf(plural)
  const version = (apiVersions[plural] ?? 'v1beta1').split('/').at(-1) as string
  const options = new URLSearchParams(query)
  const fieldValidation = (options.get('fieldValidation') ?? 'Warn') as FieldValidation
  const manager = options.get('fieldManager') ?? 'recorder'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const media = type ? mediaTypes[type] : 'application/json'
  const finish = (object: KubeObject, old: KubeObject | undefined) => {
    const complete = setDefaults(kind, { ...object, metadata: { namespace, ...object.metadata } })
    validate(kind, version, complete, old)
    return complete
  }
  if (type === 'apply') {
    const force = options.get('force') === 'true'
    const applied = applyPatch(kind, version, current, text, { manager: options.get('fieldManager') ?? '', force, now })
    return { object: finish(applied, current), warnings: [], status: current ? 200 : 201 }
  }
  if (method === 'POST') {
    const { object, warnings } = decode(kind, version, text, media, fieldValidation)
    const complete = finish(object, undefined)
    return { object: trackUpdate(kind, version, undefined, complete, manager, now), warnings, status: 201 }
  }
  if (!current) throw new StatusError(404, 'NotFound', `${plural} not found`)
  const { object, warnings } =
    method === 'PUT'
      ? decode(kind, version, text, media, fieldValidation)
      : decodePatched(kind, version, patch(kind, version, current, text, media), fieldValidation, {
          body: text,
          mediaType: media,
        })
  if (object.metadata.resourceVersion !== undefined) throw modified(resourceName(kind), 'a')
  const kept = method === 'PUT' ? { ...current.metadata, ...object.metadata } : object.metadata
  const complete = finish({ ...object, metadata: kept }, current)
  return { object: trackUpdate(kind, version, current, complete, manager, now), warnings, status: 200 }
}
