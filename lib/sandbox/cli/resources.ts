/** From a kind or a name as people write it to a resource of the API, by discovery. */
import type { Client } from './client.ts'

export interface Resource {
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  shortNames: readonly string[]
  categories: readonly string[]
  namespaced: boolean
}

interface ResourceList {
  groupVersion: string
  resources: {
    name: string
    kind: string
    singularName: string
    shortNames?: string[]
    categories?: string[]
    namespaced: boolean
  }[]
}

/** All resources of the cluster, those of the core group first, each in its preferred version. */
export async function discover(client: Client): Promise<Resource[]> {
  const groups = await client.send({ path: '/apis' })
  const preferred = (groups.groups as { preferredVersion: { groupVersion: string } }[]).map(
    ({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`,
  )
  const lists = await Promise.all(['/api/v1', ...preferred].map((path): Promise<ResourceList> => client.send({ path })))
  return lists.flatMap(({ groupVersion, resources }) =>
    resources
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, kind, singularName, shortNames = [], categories = [], namespaced }) => {
        const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion]
        return {
          group: group as string,
          version: version as string,
          kind,
          plural: name,
          singular: singularName || kind.toLowerCase(),
          shortNames,
          categories,
          namespaced,
        }
      }),
  )
}

/** `po`, `pod`, `pods`, `deployments.apps`, `Pod`. @throws where there is none of that name */
export function findResource(resources: readonly Resource[], name: string): Resource {
  const [word = '', ...rest] = name.toLowerCase().split('.')
  const group = rest.join('.')
  const found = resources.find(
    (resource) =>
      (resource.plural === word ||
        resource.singular === word ||
        resource.shortNames.includes(word) ||
        resource.kind.toLowerCase() === word) &&
      (group === '' || resource.group === group || `${resource.version}.${resource.group}` === group),
  )
  if (!found) throw new Error(`the server doesn't have a resource type "${name}"`)
  return found
}

/** The path of a resource's list, or of one of its objects. */
export function pathOf(
  { group, version, plural, namespaced }: Resource,
  namespace: string | undefined,
  name?: string,
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const place = namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${place}/${plural}${name ? `/${encodeURIComponent(name)}` : ''}`
}

/** `deployment.apps`, as kubectl names a resource in what it prints. */
export function shownName({ singular, group }: Resource): string {
  return group === '' ? singular : `${singular}.${group}`
}
