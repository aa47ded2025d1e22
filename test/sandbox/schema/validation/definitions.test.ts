import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import {
  checkDefinition,
  checkDefinitionChange,
  checkDefinitionName,
  checkStoredVersions,
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
    definition(schema({ type: 'object', properties: { a: { type: 'integer', default: 'b' } } })),
    `${shared}.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
  ],
  [
    definition(
      schema({ type: 'object', properties: { a: { type: 'array', items: { type: 'integer', default: 'b' } } } }),
    ),
    `${shared}.properties[a].items.default: Invalid value: "string":  in body must be of type integer: "string"`,
  ],
  [
    definition(
      schema({ type: 'object', properties: { a: { type: 'object', default: { b: [1, 'c'] }, properties: {} } } }),
    ),
    `${shared}.properties[a].default: Invalid value: map[string]interface {}{"b":[]interface {}{1, "c"}}: must not have unknown fields`,
  ],
  // Neither what the values of maps are filled in with nor lists are looked at.
  [
    definition(
      schema({
        type: 'object',
        properties: {
          a: { type: 'object', additionalProperties: { type: 'integer', default: 'b' } },
          b: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set', default: ['c', 'c'] },
        },
      }),
    ),
    undefined,
  ],
  [
    definition(schema({ type: 'object', properties: { b: { type: 'integer', default: 'c' }, a: {} } })),
    `${shared}.properties[a].type: Required value: must not be empty for specified object fields`,
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
  [
    definition({ versions: [{ ...version, subresources: { scale: { specReplicasPath: 'spec.a' } } }] }),
    'spec.subresources.scale.specReplicasPath: Invalid value: "spec.a": must be a simple json path starting with .',
  ],
  [
    definition({
      versions: [
        {
          ...version,
          subresources: {
            scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a', labelSelectorPath: '.b' },
          },
        },
      ],
    }),
    'spec.subresources.scale.labelSelectorPath: Invalid value: ".b": should be a json path under either .spec or .status',
  ],
  [
    definition({ versions: [{ ...version, deprecationWarning: 'old' }] }),
    'spec.versions[0].deprecationWarning: Invalid value: "old": can only be set for deprecated versions',
  ],
]

for (const [object, expected] of cases)
  test(`${JSON.stringify([object.metadata.name, object.spec]).slice(0, 120)}: ${expected ?? 'good'}`, () => {
    const [first] = [...checkDefinitionName(object), ...checkDefinition(object)]
    const found = first && `${first.field}: ${first.message}`
    if (expected === undefined) assert.is(found, undefined)
    else assert.ok(found?.startsWith(expected), found)
  })

test('all that is wrong with a column is told', () => {
  const columns = (column: Part) =>
    checkDefinition(definition({ versions: [{ ...version, additionalPrinterColumns: [column] }] })).map(
      ({ field, message }) => `${field.replace('spec.additionalPrinterColumns[0].', '')}: ${message}`,
    )
  assert.equal(columns({ name: 'A', type: 'text', jsonPath: 'spec.x' }), [
    'type: Invalid value: "text": must be one of boolean,date,integer,number,string',
    'JSONPath: Invalid value: "spec.x": must be a simple json path starting with .',
  ])
  assert.equal(columns({ name: 'A', type: 'date', format: 'short' }), [
    'format: Invalid value: "short": must be one of byte,date,date-time,double,float,int32,int64,password',
    'JSONPath: Required value',
  ])
})

test('versions are shown as the server keeps them: what all have in common is the definition’s', () => {
  const shown = (...more: object[]) => {
    const versions = more.map((one, index) => ({ ...version, name: `v${index}`, storage: false, ...one }))
    return checkDefinition(definition({ versions }))[0]?.message ?? ''
  }
  const pointer = /Schema:\(\*apiextensions.CustomResourceValidation\)\(0xc[0-9a-f]+\)/
  assert.not.match(shown({}, {}), pointer)
  assert.match(shown({}, { schema: { openAPIV3Schema: { type: 'object', properties: {} } } }), pointer)
  const column = { name: 'A', type: 'date', jsonPath: '.a' }
  assert.match(
    shown({ deprecationWarning: 'old', deprecated: true, additionalPrinterColumns: [column] }, {}),
    'AdditionalPrinterColumns:[]apiextensions.CustomResourceColumnDefinition{apiextensions.CustomResourceColumnDefinition{Name:"A", Type:"date", Format:"", Description:"", Priority:0, JSONPath:".a"}}',
  )
  assert.match(shown({ deprecationWarning: 'old', deprecated: true }, {}), /DeprecationWarning:\(\*string\)\(0xc/)
})

const stored: readonly [what: string, storedVersions: string[], versions: Part[], problems: string[]][] = [
  ['nothing', [], [version], [': []string(nil): must have at least one stored version']],
  ['what is there', ['v1'], [version], []],
  [
    'another than the one of the storage',
    ['v0'],
    [version, { name: 'v0' }],
    [': []string{"v0"}: must have the storage version v1'],
  ],
  ['what is there twice', ['v1'], [version, version], [': []string{"v1"}: must have the storage version v1']],
  ['what is gone', ['v1', 'v0'], [version], ['[1]: "v0": must appear in spec.versions']],
]

for (const [what, storedVersions, versions, problems] of stored)
  test(`objects are stored in ${what}`, () => {
    const found = checkStoredVersions({ ...definition({ versions }), status: { storedVersions } })
    assert.equal(
      found.map(({ field, message }) => `${field}: ${message}`),
      problems.map((text) => `status.storedVersions${text.replace(': ', ': Invalid value: ')}`),
    )
  })

test('what is stored by it does not change once it is established', () => {
  const conditions = [{ type: 'Established', status: 'True' }]
  const next = definition({ scope: 'Cluster' })
  const fields = (old: KubeObject) => checkDefinitionChange(next, old).map(({ field }) => field)
  assert.equal(fields(definition()), [])
  assert.equal(fields({ ...definition(), status: { conditions } }), ['spec.scope'])
})

test.run()
