/** OpenAPI v3 documents, as far as kubectl reads them: schemas to explain and patch by, and what a request may carry. */
import { createHash } from 'node:crypto'
import type { Kind } from '../kinds/kind.ts'
import type { Kinds } from '../kinds/kinds.ts'
import { definitions, objectMeta } from '../schema/built-in.ts'
import { descriptionsOf } from '../schema/data.ts'
import { nothingThere } from '../status.ts'
import { type Answer, type Ask, ok, type Server, text } from './exchange.ts'
import { documentV2, protobufV2 } from './openapi-v2.ts'

/** The texts of the documents, made when first asked for and again when the kinds have changed. */
export class OpenApi {
  #revision = -1
  #documents = new Map<string, string>()
  #older: Record<string, unknown> | undefined
  readonly #kinds: Kinds

  constructor(kinds: Kinds) {
    this.#kinds = kinds
  }

  /** @throws NotFound */
  answer(ask: Ask, _server: Server): Answer {
    this.#forgetOlder()
    const path = ask.path.replace(/^\/openapi\/v3\/?/, '')
    return path === '' ? ok({ paths: this.#index() }) : text(this.#document(path), 'application/json')
  }

  /** All in one, in the older format. */
  answerV2({ headers }: Ask): Answer {
    this.#forgetOlder()
    this.#older ??= documentV2(info, this.#schemas())
    if (!headers.accept?.includes('com.github.proto-openapi.spec.v2')) return ok(this.#older)
    const type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
    return { code: 200, text: protobufV2(this.#older), type }
  }

  #forgetOlder(): void {
    if (this.#revision === this.#kinds.revision) return
    this.#documents.clear()
    this.#older = undefined
    this.#revision = this.#kinds.revision
  }

  /** Of all groups and versions. */
  #schemas(): Record<string, unknown> {
    const groups = [...this.#kinds.groups()]
    const all = groups.flatMap(([group, versions]) =>
      [...versions].map(([version, kinds]) => schemasOf(group, version, kinds)),
    )
    return Object.assign({}, ...all)
  }

  #index(): object {
    const paths = [...otherPaths, ...[...this.#kinds.groups()].flatMap(([group, versions]) => pathsOf(group, versions))]
    return Object.fromEntries(
      paths.sort().map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${this.#hash(path)}` }]),
    )
  }

  /** Of the kinds, not of the document, which need not be made for it. */
  #hash(path: string): string {
    return createHash('sha256').update(`${path} ${this.#kinds.revision}`).digest('hex').toUpperCase()
  }

  #document(path: string): string {
    let found = this.#documents.get(path)
    if (found === undefined) {
      const [version = '', group = ''] = path
        .replace(/^apis?\//, '')
        .split('/')
        .reverse()
      const kinds = this.#kinds.groups().get(group)?.get(version)
      if (kinds && pathOf(group, version) === path) found = JSON.stringify(documentOf(group, version, kinds))
      else if (path in (this.#index() as Record<string, unknown>)) found = JSON.stringify(emptyDocument)
      else throw nothingThere()
      this.#documents.set(path, found)
    }
    return found
  }
}

/** What is served beside groups, and described too. */
const otherPaths = ['.well-known/openid-configuration', 'api', 'apis', 'logs', 'openid/v1/jwks', 'version']
const info = { title: 'Kubernetes', version: 'v1.29.2' }
const emptyDocument = { openapi: '3.0.0', info, paths: {} }

/** Of the server's own groups, the group itself is described too. */
function pathsOf(group: string, versions: ReadonlyMap<string, readonly Kind[]>): string[] {
  const isCustom = [...versions.values()].every((kinds) => kinds.every(({ custom }) => custom))
  const own = [...versions.keys()].map((version) => pathOf(group, version))
  return group === '' || isCustom ? own : [`apis/${group}`, ...own]
}

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

function documentOf(group: string, version: string, kinds: readonly Kind[]): object {
  return {
    openapi: '3.0.0',
    info,
    paths: Object.fromEntries(kinds.map((kind) => [objectPath(kind, version), operations(kind, version)])),
    components: { schemas: schemasOf(group, version, kinds) },
  }
}

function schemasOf(group: string, version: string, kinds: readonly Kind[]): Record<string, unknown> {
  const custom = kinds.filter((kind) => kind.custom)
  const base = definitions(group, version) ?? definitions('', 'v1') ?? {}
  const schemas = custom.length > 0 ? metaSchemas(base) : base
  return { ...schemas, ...Object.fromEntries(custom.map((kind) => customSchema(kind, version))) }
}

/** What metadata refers to. */
function metaSchemas(all: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => name.startsWith('io.k8s.apimachinery.pkg.apis.meta.v1.')),
  )
}

function customSchema(kind: Kind, version: string): [string, object] {
  const reversed = kind.group.split('.').reverse().join('.')
  const schema = kind.schema(version) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const { apiVersion, kind: kindField, metadata } = commonFields()
  const properties = { ...schema.properties, apiVersion, kind: kindField, metadata }
  return [
    `${reversed}.${version}.${kind.kind}`,
    { ...schema, properties, 'x-kubernetes-group-version-kind': [{ group: kind.group, kind: kind.kind, version }] },
  ]
}

/** The fields of every object, with the words that Kubernetes has for them. */
function commonFields(): Record<'apiVersion' | 'kind' | 'metadata', object> {
  const { apiVersion, kind, metadata } = descriptionsOf('io.k8s.api.core.v1.Pod')
  return {
    apiVersion: { description: apiVersion, type: 'string' },
    kind: { description: kind, type: 'string' },
    metadata: { description: metadata, allOf: [{ $ref: `#/components/schemas/${objectMeta.$ref}` }] },
  }
}

function objectPath({ group, namespaced, plural }: Kind, version: string): string {
  return `/${pathOf(group, version)}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`
}

const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })
const writing = ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter)

/** kubectl looks here whether the server checks fields and knows dry runs. */
function operations({ group, kind }: Kind, version: string): object {
  const of = { 'x-kubernetes-group-version-kind': { group, version, kind } }
  return {
    get: { 'x-kubernetes-action': 'get', ...of },
    put: { 'x-kubernetes-action': 'put', parameters: writing, ...of },
    patch: { 'x-kubernetes-action': 'patch', parameters: [...writing, parameter('force')], ...of },
    delete: { 'x-kubernetes-action': 'delete', parameters: [parameter('dryRun')], ...of },
  }
}
