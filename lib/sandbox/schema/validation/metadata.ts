/** What every object says of itself. */

import { goPlace } from '../../go/syntax.ts'
import type { KubeObject, OwnerReference } from '../../objects.ts'
import { type Format, inFormat, isDnsLabel, isDnsSubdomain, isQualifiedName } from './formats.ts'
import { checkLabels } from './labels.ts'
import { asGo, each, forbidden, invalid, type Problem, required, tooLong } from './problems.ts'

/** The API server's limit for all annotations of an object. */
const MOST_ANNOTATION_BYTES = 256 * 1024

type Metadata = KubeObject['metadata']

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

/**
 * @param format that the kind's names must have
 * @param isNamespaced whether a namespace must be there
 */
export function checkMetadata(metadata: KubeObject['metadata'], format: Format, isNamespaced: boolean): Problem[] {
  const path = 'metadata'
  const { name, generateName, namespace, labels, annotations, ownerReferences, finalizers } = metadata
  return [
    // What is made of it ends with letters: a hyphen at its end is no end.
    ...(generateName
      ? format(generateName.replace(/-$/, 'a')).map((text) => invalid(`${path}.generateName`, generateName, text))
      : []),
    ...(name ? inFormat(name, `${path}.name`, format) : [required(`${path}.name`, 'name or generateName is required')]),
    ...(isNamespaced
      ? namespace
        ? inFormat(namespace, `${path}.namespace`, isDnsLabel)
        : [required(`${path}.namespace`)]
      : []),
    ...checkLabels(labels, `${path}.labels`),
    ...checkAnnotations(annotations, `${path}.annotations`),
    ...checkOwners(ownerReferences, `${path}.ownerReferences`),
    ...each(finalizers, `${path}.finalizers`, (name, at) => checkFinalizer(name, at, `${path}.finalizers`)),
  ]
}

/** What goes away is held by nobody new. */
export function checkMetadataChange({ finalizers = [], deletionTimestamp }: Metadata, old: Metadata): Problem[] {
  const added = finalizers.filter((name) => !(old.finalizers ?? []).includes(name)).sort()
  if (!deletionTimestamp || added.length === 0) return []
  const names = added.map((name) => JSON.stringify(name)).join(', ')
  return [
    forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${names}}`,
    ),
  ]
}

export function checkAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: string): Problem[] {
  const entries = Object.entries(annotations ?? {})
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0)
  return [
    // Upper case is taken in annotations' domains.
    ...entries.flatMap(([key]) => isQualifiedName(key.toLowerCase()).map((text) => invalid(path, key, text))),
    ...(bytes > MOST_ANNOTATION_BYTES ? [tooLong(path, MOST_ANNOTATION_BYTES)] : []),
  ]
}

function checkOwners(owners: KubeObject['metadata']['ownerReferences'], path: string): Problem[] {
  const wrong = each(owners, path, ({ apiVersion = '', kind, name, uid }) => [
    ...(apiVersion === '' ? [invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty')] : []),
    ...(kind ? [] : [invalid(`${path}.kind`, '', 'kind must not be empty')]),
    ...(name ? [] : [invalid(`${path}.name`, '', 'name must not be empty')]),
    ...(uid ? [] : [invalid(`${path}.uid`, '', 'uid must not be empty')]),
    ...(apiVersion === 'v1' && kind === 'Event'
      ? [
          invalid(
            path,
            asGo(goOwner({ apiVersion, kind, name, uid })),
            '/v1, Kind=Event is disallowed from being an owner',
          ),
        ]
      : []),
  ])
  const controllers = (owners ?? []).filter(({ controller }) => controller)
  if (controllers.length < 2) return wrong
  const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`)
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`
  return [...wrong, invalid(path, asGo(`[]v1.OwnerReference{${(owners ?? []).map(goOwner).join(', ')}}`), detail)]
}

function goOwner(owner: OwnerReference): string {
  const [version, kind, name, uid] = [owner.apiVersion, owner.kind, owner.name, owner.uid].map((text) =>
    JSON.stringify(text),
  )
  const flags = `Controller:(*bool)(${goPlace(owner.controller)}), BlockOwnerDeletion:(*bool)(${goPlace(owner.blockOwnerDeletion, 1)})`
  return `v1.OwnerReference{APIVersion:${version}, Kind:${kind}, Name:${name}, UID:${uid}, ${flags}}`
}

/** One of Kubernetes' own, or one whose domain says whose it is. */
export function isKnownFinalizer(name: string): boolean {
  return name.includes('/') || standardFinalizers.includes(name)
}

/** @param list path of the list, at which the server says what is wrong with the name's form */
function checkFinalizer(name: string, path: string, list: string): Problem[] {
  return [
    ...inFormat(name, list, isQualifiedName),
    ...(isKnownFinalizer(name)
      ? []
      : [invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')]),
  ]
}

/** Names of most kinds. */
export const usualName = isDnsSubdomain
