import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import {
  checkDefinition,
  checkDefinitionChange,
  checkDefinitionName,
} from '../../../../lib/sandbox/schema/validation/definitions.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('definitions of custom resources')

// biome-ignore lint/suspicious/noExplicitAny: any part of an object
type Part = any

const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }
const names = { plural: 'foos', singular: 'foo', kind: 'Foo', listKind: 'FooList' }

function definition(spec: Part = {}, name = 'foos.a.example'): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: { group: 'a.example', scope: 'Namespaced', names, versions: [version], ...spec },
  }
}

const schema = (openAPIV3Schema: Part) => ({ versions: [{ ...version, schema: { openAPIV3Schema } }] })
const at = 'spec.versions[0].schema.openAPIV3Schema'
/** Where the server looks at what all versions share. */
const shared = 'spec.validation.openAPIV3Schema'

const cases: readonly [object: KubeObject, problem: string | undefined][] = [
  [definition(), undefined],
  [
    definition({}, 'foo.a.example'),
    'metadata.name: Invalid value: "foo.a.example": must be spec.names.plural+"."+spec.group',
  ],
  [
    definition({ group: 'example' }, 'foos.example'),
    'spec.group: Invalid value: "example": should be a domain with at least one dot',
  ],
  [definition({ scope: 'Foo' }), 'spec.scope: Unsupported value: "Foo": supported values: "Cluster", "Namespaced"'],
  [
    definition({ versions: [] }),
    'spec.versions: Invalid value: []apiextensions.CustomResourceDefinitionVersion{}: must have exactly one version marked as storage version',
  ],
  [definition({ versions: [{ ...version, schema: undefined }] }), `${at}: Required value: schemas are required`],
  [definition(schema({})), `${shared}.type: Required value: must not be empty at the root`],
  [
    definition(schema({ type: 'object', properties: { a: {} } })),
    `${shared}.properties[a].type: Required value: must not be empty for specified object fields`,
  ],
  [
    definition(schema({ type: 'object', properties: { a: { type: 'array', items: {} } } })),
    `${shared}.properties[a].items.type: Required value: must not be empty for specified array items`,
  ],
  [
    definition(schema({ type: 'object', properties: { a: { type: 'string', enum: ['b'], default: 'c' } } })),
    `${shared}.properties[a].default: Unsupported value: "c": supported values: "b"`,
  ],
  [
    definition({ versions: [version, { ...version, name: 'v2', storage: false, schema: { openAPIV3Schema: {} } }] }),
    'spec.versions[1].schema.openAPIV3Schema.type: Required value: must not be empty at the root',
  ],
  [
    definition(schema({ type: 'object', properties: { a: { 'x-kubernetes-preserve-unknown-fields': true } } })),
    undefined,
  ],
  [
    definition({ names: { ...names, listKind: 'Foo' } }),
    'spec.names.listKind: Invalid value: "Foo": kind and listKind may not be the same',
  ],
  [
    definition({ names: { ...names, kind: 'F_o' } }),
    'spec.names.kind: Invalid value: "F_o": may have mixed case, but should otherwise match: a DNS-1035 label',
  ],
  [
    definition({ names: { ...names, shortNames: ['A'] } }),
    'spec.names.shortNames[0]: Invalid value: "A": a DNS-1035 label',
  ],
  [
    definition({ versions: [{ ...version, additionalPrinterColumns: [{ name: 'A', type: 'text', jsonPath: '.a' }] }] }),
    'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
  ],
]

for (const [object, expected] of cases)
  test(`${JSON.stringify([object.metadata.name, object.spec]).slice(0, 120)}: ${expected ?? 'good'}`, () => {
    const [first] = [...checkDefinitionName(object), ...checkDefinition(object)]
    const found = first && `${first.field}: ${first.message}`
    if (expected === undefined) assert.is(found, undefined)
    else assert.ok(found?.startsWith(expected), found)
  })

test('what is stored by it does not change once it is established', () => {
  const conditions = [{ type: 'Established', status: 'True' }]
  const next = definition({ scope: 'Cluster' })
  const fields = (old: KubeObject) => checkDefinitionChange(next, old).map(({ field }) => field)
  assert.equal(fields(definition()), [])
  assert.equal(fields({ ...definition(), status: { conditions } }), ['spec.scope'])
})

test.run()
