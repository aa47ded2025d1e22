/** Schemas of the kinds that are part of Kubernetes itself. */
import type { Kind, Schema } from '../kinds/kind.ts'
import { memo } from '../memo.ts'
import { type Definition, definition, definitionsOf, descriptionsOf } from './data.ts'

const byKind = new Map<string, Schema | undefined>()

/** The schema of a built-in kind, its `$ref`s unresolved; undefined where no such kind was recorded. */
export function builtInSchema(group: string, version: string, kind: string): Schema | undefined {
  const key = `${group}/${version}/${kind}`
  if (!byKind.has(key)) byKind.set(key, find(group, version, kind))
  return byKind.get(key)
}

function find(group: string, version: string, kind: string): Schema | undefined {
  return Object.values(definitionsOf(group, version) ?? {}).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some((of) => of.kind === kind && of.group === group),
  )
}

/** The schema that a `$ref` names, or the schema itself. */
export function resolve(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : definition(schema.$ref)
}

/** Metadata as every kind has it. */
export const objectMeta: Schema = { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }

/**
 * The schema of a kind's whole object: what a custom resource's definition says of apiVersion, kind and metadata
 * is not looked at, they are the same for all kinds.
 */
export function rootSchema(kind: Kind, version: string): Schema {
  const schema = kind.schema(version) ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  if (!kind.custom) return resolve(schema)
  return customRoot(schema)
}

const customRoot = memo(
  (schema: Schema): Schema => ({
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: objectMeta,
    },
  }),
)

/**
 * The component schemas of an OpenAPI v3 document, with descriptions: those of the group and version, and all they
 * refer to. undefined where nothing was recorded.
 */
export function definitions(group: string, version: string): Record<string, unknown> | undefined {
  const own = definitionsOf(group, version)
  if (!own) return undefined
  const result: Record<string, unknown> = {}
  const add = (name: string, schema: Definition): void => {
    if (name in result) return
    result[name] = undefined
    result[name] = published(schema, add, descriptionsOf(name))
  }
  for (const [name, schema] of Object.entries(own)) add(name, schema)
  return result
}

function published(
  schema: Schema,
  add: (name: string, schema: Definition) => void,
  texts: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  const { $ref, properties, items, additionalProperties, ...said } = schema
  // What OpenAPI does not tell is not for others.
  const { 'x-go-type': _type, 'x-go-pointer': _pointer, ...rest } = said
  const result: Record<string, unknown> = { ...rest }
  if (texts['']) result.description = texts['']
  if (properties)
    result.properties = Object.fromEntries(
      Object.keys(properties)
        .sort()
        .map((name) => {
          const property = properties[name] as Schema
          const text = Object.hasOwn(texts, name) ? { '': texts[name] as string } : {}
          return [name, published(property, add, text)]
        }),
    )
  if (items) result.items = published(items, add)
  if (additionalProperties !== undefined)
    result.additionalProperties =
      typeof additionalProperties === 'object' ? published(additionalProperties, add) : additionalProperties
  if ($ref !== undefined) {
    add($ref, definition($ref))
    const reference = { $ref: `#/components/schemas/${$ref}` }
    // Beside a $ref nothing else counts in OpenAPI 3.0: a description needs the detour by allOf.
    if (Object.keys(result).length === 0) return reference
    result.allOf = [reference]
  }
  return result
}
