/** Kinds that are only ever sent, with what hangs on an object: they are read as all others are. */
import type { Kind } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { builtInSchema } from '../schema/built-in.ts'
import type { Ask } from './exchange.ts'
import { readObject } from './write.ts'

export function bodyKind(group: string, kind: string): Kind {
  return {
    group,
    versions: ['v1'],
    kind,
    listKind: `${kind}List`,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    custom: false,
    subresources: [],
    verbs: ['create'],
    columns: () => [],
    schema: (version) => builtInSchema(group, version, kind),
  }
}

/** @throws UnsupportedMediaType, BadRequest of another kind or of wrong types */
export function readAs(kind: Kind, ask: Ask): Promise<KubeObject> {
  return readObject({ kind, version: 'v1' }, ask)
}
