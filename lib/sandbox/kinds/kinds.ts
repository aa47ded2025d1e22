/** All kinds that the API serves now: those of Kubernetes, and those that definitions in the store add. */
import { groupVersion } from '../objects.ts'
import type { Store } from '../store/store.ts'
import { builtInKinds } from './built-in.ts'
import { customKind, definitions } from './custom.ts'
import { type Kind, resourceName } from './kind.ts'
import { compareVersions } from './versions.ts'

export class Kinds {
  readonly #builtIn = new Map(builtInKinds.map((kind) => [resourceName(kind), kind]))
  readonly #custom = new Map<string, Kind>()
  /** Goes up when kinds come, go or change: what was computed from them is then stale. */
  revision = 0

  constructor(store: Store) {
    for (const definition of store.list(definitions)) this.#custom.set(definition.metadata.name, customKind(definition))
    store.watch(({ type, resource, object }) => {
      if (resource !== definitions) return
      if (type === 'DELETED') this.#custom.delete(object.metadata.name)
      else this.#custom.set(object.metadata.name, customKind(object))
      this.revision++
    })
  }

  /** By the name that the store has for it: `pods`, `deployments.apps`. */
  get(resource: string): Kind | undefined {
    return this.#builtIn.get(resource) ?? this.#custom.get(resource)
  }

  /** The kind that a path `/apis/GROUP/VERSION/PLURAL` is of. */
  served(group: string, version: string, plural: string): Kind | undefined {
    const kind = this.get(group === '' ? plural : `${plural}.${group}`)
    return kind?.versions.includes(version) ? kind : undefined
  }

  /** The kind of an object by what it says of itself. */
  of({ apiVersion, kind }: { apiVersion: string; kind: string }): Kind | undefined {
    const [group, version] = groupVersion(apiVersion)
    return this.all().find((known) => known.group === group && known.kind === kind && known.versions.includes(version))
  }

  /** Kubernetes' own first; those of definitions by group and name, as discovery lists them. */
  all(): Kind[] {
    const place = ({ group, plural }: Kind) => `${group}/${plural}`
    const custom = [...this.#custom.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1))
    return [...this.#builtIn.values(), ...custom]
  }

  /** The versions of each group, the preferred one first, with their kinds; the core group is ''. */
  groups(): Map<string, Map<string, Kind[]>> {
    const groups = new Map<string, Map<string, Kind[]>>()
    for (const kind of this.all())
      for (const version of kind.versions) {
        const versions = groups.get(kind.group) ?? new Map<string, Kind[]>()
        groups.set(kind.group, versions)
        versions.set(version, [...(versions.get(version) ?? []), kind])
      }
    for (const [group, versions] of groups)
      groups.set(group, new Map([...versions].sort(([a], [b]) => compareVersions(a, b))))
    return groups
  }
}
