import * as assert from 'uvu/assert'
import { environmentOf } from '../../../../lib/sandbox/controllers/pods/environment.ts'
import type { Container } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('the environment of a container')

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', labels: { 'example.com/app': 'shop' } },
  spec: { hostname: 'web' },
  status: { podIP: '10.244.0.5' },
}
const stored: Record<string, KubeObject['data']> = {
  'configmaps/colours': { SKY: 'blue', GRASS: 'green' },
  'secrets/keys': { DOOR: Buffer.from('1234').toString('base64') },
}
const find = (resource: string, name: string): KubeObject | undefined => {
  const data = stored[`${resource}/${name}`]
  return data && { apiVersion: 'v1', kind: 'any', metadata: { name }, data }
}
const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } })
const fromMap = (key: string) => ({ valueFrom: { configMapKeyRef: { name: 'colours', key, optional: true } } })
const resources = { limits: { cpu: '250m', memory: '64Mi' } }
const amount = (resource: string, divisor?: string) => ({ valueFrom: { resourceFieldRef: { resource, divisor } } })

/** A container's words, a variable, and its value. */
const values: readonly [container: object, name: string, value: string | undefined][] = [
  [{ env: [{ name: 'A', value: 'x' }] }, 'A', 'x'],
  [{ env: [{ name: 'A' }] }, 'A', ''],
  [
    {
      env: [
        { name: 'A', value: 'x' },
        { name: 'B', value: '$(A)-$(C)-$$(A)' },
      ],
    },
    'B',
    'x-$(C)-$(A)',
  ],
  [{}, 'HOSTNAME', 'web'],
  [{ env: [{ name: 'A', ...field('metadata.name') }] }, 'A', 'web-0'],
  [{ env: [{ name: 'A', ...field("metadata.labels['example.com/app']") }] }, 'A', 'shop'],
  [{ env: [{ name: 'A', ...field('status.podIP') }] }, 'A', '10.244.0.5'],
  [{ env: [{ name: 'A', ...fromMap('SKY') }] }, 'A', 'blue'],
  [{ env: [{ name: 'A', ...fromMap('SEA') }] }, 'A', ''],
  [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'keys', key: 'DOOR' } } }] }, 'A', '1234'],
  [{ envFrom: [{ prefix: 'C_', configMapRef: { name: 'colours' } }] }, 'C_GRASS', 'green'],
  [{ envFrom: [{ secretRef: { name: 'keys' } }], env: [{ name: 'DOOR', value: 'open' }] }, 'DOOR', 'open'],
  [{ resources, env: [{ name: 'A', ...amount('limits.cpu') }] }, 'A', '1'],
  [{ resources, env: [{ name: 'A', ...amount('limits.cpu', '1m') }] }, 'A', '250'],
  [{ resources, env: [{ name: 'A', ...amount('limits.memory', '1Mi') }] }, 'A', '64'],
  [{ resources, env: [{ name: 'A', ...amount('requests.cpu') }] }, 'A', undefined],
]

for (const [container, name, value] of values)
  test(`${JSON.stringify(container)}: ${name} is ${value ?? 'not known'}`, () => {
    const known = environmentOf({ name: 'main', image: 'busybox', ...container } as Container, { pod, find })
    assert.ok(known?.has(name))
    assert.is(known?.get(name), value)
  })

test('where nothing can be looked up, what comes from elsewhere may be anything', () => {
  const of = (container: object) => environmentOf({ name: 'main', image: 'busybox', ...container } as Container, {})
  assert.is(of({ envFrom: [{ configMapRef: { name: 'colours' } }] }), undefined)
  const known = of({
    env: [
      { name: 'A', ...fromMap('SKY') },
      { name: 'B', ...field('metadata.name') },
    ],
  })
  assert.equal([known?.get('A'), known?.get('B')], [undefined, undefined])
})

test.run()
