import * as assert from 'uvu/assert'
import { configurationWarnings } from '../../../lib/sandbox/admission/istio-configuration.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { suite } from '../../support/suite.ts'

const test = suite("changes of Istio's own configuration")

const map = (name: string, data: Record<string, string>, namespace = 'istio-system'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
})

type Case = readonly [title: string, old: KubeObject, next: KubeObject, warning: RegExp | undefined]

const cases: readonly Case[] = [
  ['the access log', map('istio', { mesh: 'a: 1' }), map('istio', { mesh: 'accessLogFile: x\na: 1' }), undefined],
  ['anything else of the mesh', map('istio', { mesh: 'a: 1' }), map('istio', { mesh: 'a: 2' }), /accessLogFile alone/],
  ['what is no YAML', map('istio', { mesh: 'a: 1' }), map('istio', { mesh: 'a: {' }), /accessLogFile alone/],
  [
    "the injector's values",
    map('istio-sidecar-injector', { values: '1', config: 'a' }),
    map('istio-sidecar-injector', { values: '2', config: 'a' }),
    undefined,
  ],
  [
    "the injector's templates",
    map('istio-sidecar-injector', { config: 'a' }),
    map('istio-sidecar-injector', { config: 'b' }),
    /not its templates/,
  ],
  ['a map of that name elsewhere', map('istio', { mesh: 'a: 1' }, 'default'), map('istio', {}, 'default'), undefined],
  ['another map', map('constructor', {}), map('constructor', { a: 'b' }), undefined],
]
for (const [title, old, next, warning] of cases)
  test(`${title}: ${warning ? 'a warning' : 'followed, or no matter of the mesh'}`, () => {
    const [found, ...more] = configurationWarnings(next, old)
    assert.equal(more, [])
    if (warning) assert.match(found ?? '', warning)
    else assert.is(found, undefined)
  })

test('an installation says nothing', () => {
  assert.equal(configurationWarnings(map('istio', { mesh: 'a: 1' })), [])
})

test.run()
