/** What every command of kubectl works with: the API, its resources, the namespace, and what was typed. */
import { ApiError, type Client, connect } from '../cli/client.ts'
import type { CommandLine, Flags } from '../cli/flags.ts'
import { discover, findResource, pathOf, type Resource } from '../cli/resources.ts'
import type { KubeObject } from '../objects.ts'

export interface Command {
  usage: string
  flags: Flags
  run: (session: Session) => Promise<void>
}

export const globalFlags: Flags = {
  kubeconfig: { type: 'value' },
  context: { type: 'value' },
  namespace: { type: 'value', short: 'n' },
  'request-timeout': { type: 'value' },
  help: { type: 'switch', short: 'h' },
}

/** Objects that are meant, by name. */
export interface Target {
  resource: Resource
  name: string
  namespace: string | undefined
}

export class Session {
  readonly client: Client
  readonly line: CommandLine
  /** What stands after the command's own words. */
  readonly words: readonly string[]
  #resources: Promise<Resource[]> | undefined

  constructor(line: CommandLine, words: readonly string[]) {
    this.line = line
    this.words = words
    this.client = connect({ kubeconfig: line.value('kubeconfig'), context: line.value('context') })
  }

  get namespace(): string {
    return this.line.value('namespace') ?? this.client.namespace
  }

  /** Undefined where all namespaces are asked for. */
  get scope(): string | undefined {
    return this.line.isSet('all-namespaces') ? undefined : this.namespace
  }

  async resource(name: string): Promise<Resource> {
    return findResource(await this.#discovered(), name)
  }

  /** Some resources by their names, `all` included. */
  async resources(names: string): Promise<Resource[]> {
    const known = await this.#discovered()
    return names
      .split(',')
      .flatMap((name) =>
        name === 'all' ? known.filter(({ categories }) => categories.includes('all')) : [findResource(known, name)],
      )
  }

  async resourceOf({ apiVersion, kind }: KubeObject): Promise<Resource | undefined> {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    const found = (await this.#discovered()).find((resource) => resource.kind === kind && resource.group === group)
    return found && { ...found, version: version as string }
  }

  get(target: Target): Promise<KubeObject> {
    return this.client.send({ path: pathOf(target.resource, target.namespace, target.name) })
  }

  /** The object, or undefined where there is none. */
  async find(target: Target): Promise<KubeObject | undefined> {
    try {
      return await this.get(target)
    } catch (error) {
      if (error instanceof ApiError && error.status.code === 404) return undefined
      throw error
    }
  }

  /** The objects of a resource that the selectors choose. */
  async list(resource: Resource): Promise<KubeObject[]> {
    const { items } = await this.client.send({ path: `${pathOf(resource, this.scope)}?${this.selectors()}` })
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
    return (items as KubeObject[]).map((item) => ({ ...item, apiVersion, kind: resource.kind }))
  }

  selectors(): URLSearchParams {
    const query = new URLSearchParams()
    const [labels, fields] = [this.line.value('selector'), this.line.value('field-selector')]
    if (labels) query.set('labelSelector', labels)
    if (fields) query.set('fieldSelector', fields)
    return query
  }

  /** `TYPE NAME ...`, `TYPE/NAME ...`, `TYPE -l x=y`, `TYPE --all`. */
  async targets(words: readonly string[] = this.words): Promise<Target[]> {
    const [first = '', ...names] = words
    if (words.length > 0 && words.every((word) => word.includes('/')))
      return Promise.all(
        words.map(async (word) => {
          const slash = word.indexOf('/')
          return this.#target(await this.resource(word.slice(0, slash)), word.slice(slash + 1))
        }),
      )
    if (first === '') throw new Error('You must provide one or more resources by argument or filename.')
    const resources = await this.resources(first)
    if (names.length > 0) return resources.flatMap((resource) => names.map((name) => this.#target(resource, name)))
    if (!this.line.isSet('all') && !this.line.value('selector'))
      throw new Error('resource(s) were provided, but no name was specified')
    const lists = await Promise.all(resources.map((resource) => this.list(resource)))
    return lists.flatMap((objects, index) =>
      objects.map(({ metadata }) => ({
        resource: resources[index] as Resource,
        name: metadata.name,
        namespace: metadata.namespace,
      })),
    )
  }

  #target(resource: Resource, name: string): Target {
    return { resource, name, namespace: resource.namespaced ? this.namespace : undefined }
  }

  #discovered(): Promise<Resource[]> {
    this.#resources ??= discover(this.client)
    return this.#resources
  }
}
