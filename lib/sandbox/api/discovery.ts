/** What the API serves, in the forms in which clients ask for it. */
import { createHash } from 'node:crypto'
import { type Kind, resourceName } from '../kinds/kind.ts'
import { compareVersions } from '../kinds/versions.ts'
import { acceptedForm, type Form } from './accept.ts'
import { type Answer, type Ask, ok, type Server } from './exchange.ts'

type Groups = ReadonlyMap<string, ReadonlyMap<string, readonly Kind[]>>

/** `/api`, `/apis`, `/apis/GROUP` and the lists below them. @returns undefined for what is not served */
export function discovery(ask: Ask, { registry, address }: Server): Answer | undefined {
  const parts = ask.path.split('/').filter(Boolean)
  const [prefix, ...rest] = parts
  if (prefix !== 'api' && prefix !== 'apis') return undefined
  const groups = registry.kinds.groups()
  if (rest.length === 0) {
    const form = acceptedForm(ask.headers.accept, ['discovery'])
    return form === 'discovery'
      ? aggregated(prefix, groups, form)
      : ok(prefix === 'api' ? versions(address()) : groupList(groups))
  }
  const [group = '', version] = prefix === 'api' ? ['', ...rest] : rest
  if (rest.length > (prefix === 'api' ? 1 : 2)) return undefined
  const served = groups.get(group)
  if (!served) return undefined
  if (version === undefined) return ok({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group, served) })
  const kinds = served.get(version)
  return kinds ? ok(resourceList(group, version, kinds)) : undefined
}

function versions(address: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: new URL(address).host }],
  }
}

function groupList(groups: Groups): object {
  const named = [...groups].filter(([group]) => group !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(([group, served]) => groupEntry(group, served)) }
}

function groupEntry(group: string, served: ReadonlyMap<string, unknown>): object {
  const entries = [...served.keys()].map((version) => ({ groupVersion: `${group}/${version}`, version }))
  return { name: group, versions: entries, preferredVersion: entries[0] }
}

function resourceList(group: string, version: string, kinds: readonly Kind[]): object {
  const groupVersion = group === '' ? version : `${group}/${version}`
  const resources = sorted(kinds).flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
      ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
      ...(kind.verbs.includes('watch') ? { storageVersionHash: storageHash(kind) } : {}),
    },
    ...kind.subresources.map((name) => {
      const { kind: response, group: responseGroup, version: responseVersion, verbs } = subresource(kind, name)
      return {
        name: `${kind.plural}/${name}`,
        singularName: '',
        namespaced: kind.namespaced,
        ...(responseGroup ? { group: responseGroup, version: responseVersion } : {}),
        kind: response,
        verbs,
      }
    }),
  ])
  return { kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }), groupVersion, resources }
}

/** Nobody is told how to write what is to go, though it can be. */
function verbsOf({ verbs, isEnding }: Kind): readonly string[] {
  return isEnding ? verbs.filter((verb) => !['patch', 'create', 'update'].includes(verb)) : verbs
}

/** By which clients see in which version objects are stored. */
function storageHash({ group, kind, versions, storageVersion, storedAs }: Kind): string {
  const stored = storedAs === undefined ? `${group}/${storageVersion ?? versions[0]}` : `/${storedAs}`
  return createHash('sha256').update(`${stored}/${kind}`).digest().subarray(0, 8).toString('base64')
}

function aggregated(prefix: 'api' | 'apis', groups: Groups, form: Form): Answer {
  const wanted = [...groups].filter(([group]) => (group === '') === (prefix === 'api'))
  const items = wanted.map(([group, served]) => ({
    metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
    versions: [...served]
      .sort(([a], [b]) => compareVersions(a, b))
      .map(([version, kinds]) => ({
        version,
        resources: sorted(kinds).map((kind) => aggregatedResource(kind, version)),
        freshness: 'Current',
      })),
  }))
  return ok({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2beta1', metadata: {}, items }, form)
}

function aggregatedResource(kind: Kind, version: string): object {
  const responseKind = (name: string, group = '', of = '') => ({ group, version: of, kind: name })
  const own = (name: string) => (kind.custom ? responseKind(name, kind.group, version) : responseKind(name))
  return {
    resource: kind.plural,
    responseKind: own(kind.kind),
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(kind.subresources.length > 0
      ? {
          subresources: kind.subresources.map((name) => {
            const { kind: response, group, version: of, verbs } = subresource(kind, name)
            return { subresource: name, responseKind: group ? responseKind(response, group, of) : own(response), verbs }
          }),
        }
      : {}),
  }
}

interface Subresource {
  kind: string
  group?: string
  version?: string
  verbs: readonly string[]
}

/** Those that are not the object itself, read and written (pkg/registry/*REST.New and their verbs). */
const others: Readonly<Record<string, Subresource>> = {
  scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
  log: { kind: 'Pod', verbs: ['get'] },
  finalize: { kind: 'Namespace', verbs: ['update'] },
  binding: { kind: 'Binding', verbs: ['create'] },
  eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
  token: { kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
  attach: { kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  exec: { kind: 'PodExecOptions', verbs: ['create', 'get'] },
  portforward: { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
}

function subresource(kind: Kind, name: string): Subresource {
  if (name === 'proxy')
    return { kind: `${kind.kind}ProxyOptions`, verbs: ['create', 'delete', 'get', 'patch', 'update'] }
  return others[name] ?? { kind: kind.kind, verbs: ['get', 'patch', 'update'] }
}

function sorted(kinds: readonly Kind[]): Kind[] {
  return [...kinds].sort((a, b) => (resourceName(a) < resourceName(b) ? -1 : 1))
}
