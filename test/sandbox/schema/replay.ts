/** The requests of cases.ts, answered by the functions under test in the order in which the API calls them. */
import { admit, complete } from '../../../lib/sandbox/admission/admission.ts'
import { setDefaults } from '../../../lib/sandbox/admission/defaults.ts'
import { validateIstio } from '../../../lib/sandbox/admission/istio.ts'
import { checkIdentity } from '../../../lib/sandbox/api/registry.ts'
import { placed, unconditional } from '../../../lib/sandbox/api/write.ts'
import { resourceName } from '../../../lib/sandbox/kinds/kind.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { applyPatch } from '../../../lib/sandbox/schema/apply.ts'
import { type Decoded, decode, decodePatched, type FieldValidation } from '../../../lib/sandbox/schema/decode.ts'
import { trackUpdate } from '../../../lib/sandbox/schema/managed-fields.ts'
import { patch } from '../../../lib/sandbox/schema/patch.ts'
import { validate } from '../../../lib/sandbox/schema/validate.ts'
import { objectWarnings } from '../../../lib/sandbox/schema/warnings.ts'
import { modified, StatusError } from '../../../lib/sandbox/status.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { kindOf } from './kinds.ts'
import { type Answer, apiVersions, mediaTypes, namespace, type Request, type Story } from './request.ts'

const now = new Date(0)

const store = new Store()
store.create('serviceaccounts', {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
})

export function replay(story: Story): Answer[] {
  let stored: KubeObject | undefined
  return story.map((request) => {
    const warnings: string[] = []
    const shown = () => warnings.map((text) => `299 - ${JSON.stringify(text)}`)
    try {
      const { object, status } = answer(request, stored, warnings)
      if (!request.query?.includes('dryRun')) stored = object
      return { status, warnings: shown(), body: object }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      return { status: error.code, warnings: shown(), body: error.toStatus() }
    }
  })
}

function answer(
  { method, to, body, type, query }: Request,
  current: KubeObject | undefined,
  warnings: string[],
): { object: KubeObject; status: number } {
  const [plural = '', name] = to.split('/')
  const kind = kindOf(plural)
  const resource = resourceName(kind)
  const version = (apiVersions[plural] ?? 'v1beta1').split('/').at(-1) as string
  const path = { group: kind.group, version, plural, namespace, name, subresource: undefined, rest: [], isWatch: false }
  const target = { kind, resource, ...path }
  const options = new URLSearchParams(query)
  const fieldValidation = (options.get('fieldValidation') ?? 'Warn') as FieldValidation
  const manager = options.get('fieldManager') ?? 'recorder'
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const media = type ? mediaTypes[type] : 'application/json'
  const decoded = ({ object, warnings: found }: Decoded) => {
    warnings.push(...found)
    const placedObject = placed(object, target)
    if (placedObject.metadata.resourceVersion !== undefined) throw modified(resource, 'a')
    return placedObject
  }
  const finish = (object: KubeObject) => {
    const admitted = complete(kind, current ? object : admit(kind, object, store), store, current)
    validate(kind, version, admitted, current)
    if (kind.custom) validateIstio(admitted)
    warnings.push(...objectWarnings(kind, admitted, current))
    return admitted
  }
  // As the registry does before anything else.
  const withDefaults = ({ status: _status, ...asked }: KubeObject) => setDefaults(kind, asked as KubeObject)
  if (type === 'apply') {
    const force = options.get('force') === 'true'
    const applied = applyPatch(kind, version, current, text, { manager: options.get('fieldManager') ?? '', force, now })
    return { object: finish(withDefaults(decoded({ object: applied, warnings: [] }))), status: current ? 200 : 201 }
  }
  if (method === 'POST') {
    const created = withDefaults(decoded(decode(kind, version, text, media, fieldValidation)))
    return { object: finish(trackUpdate(kind, version, undefined, created, manager, now)), status: 201 }
  }
  if (!current) throw new StatusError(404, 'NotFound', `${plural} not found`)
  const source = { body: text, mediaType: media }
  const given = decoded(
    method === 'PUT'
      ? decode(kind, version, text, media, fieldValidation)
      : decodePatched(kind, version, patch(kind, version, current, text, media), fieldValidation, source),
  )
  if (method === 'PUT' && kind.custom) throw unconditional(given, kind)
  checkIdentity(kind, given, { ...current, metadata: { ...current.metadata, uid: 'stored' } })
  const managedFields = given.metadata.managedFields ?? current.metadata.managedFields ?? []
  const updated = withDefaults({ ...given, metadata: { ...given.metadata, managedFields } })
  return { object: finish(trackUpdate(kind, version, current, updated, manager, now)), status: 200 }
}
