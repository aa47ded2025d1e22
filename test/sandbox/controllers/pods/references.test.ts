import * as assert from 'uvu/assert'
import type { Pod } from '../../../../lib/sandbox/controllers/pods/pod.ts'
import {
  type Find,
  missingVariable,
  missingVolumes,
  refersTo,
} from '../../../../lib/sandbox/controllers/pods/references.ts'
import { suite } from '../../../support/suite.ts'
import { pod } from '../cluster.ts'

const test = suite('references of a pod')

const there: Readonly<Record<string, object>> = {
  'configmaps settings': { data: { level: 'high' }, binaryData: { logo: 'AAAA' } },
  'secrets keys': { data: { password: 'AAAA' } },
}
const find: Find = (resource, name) => there[`${resource} ${name}`] as ReturnType<Find>

const volumes: readonly [volume: object, missing: string | undefined][] = [
  [{ configMap: { name: 'settings' } }, undefined],
  [{ configMap: { name: 'x' } }, 'configmap "x" not found'],
  [{ configMap: { name: 'x', optional: true } }, undefined],
  [{ configMap: { name: 'settings', items: [{ key: 'logo', path: 'p' }] } }, undefined],
  [
    { configMap: { name: 'settings', items: [{ key: 'no', path: 'p' }] } },
    'configmap references non-existent config key: no',
  ],
  [{ configMap: { name: 'settings', optional: true, items: [{ key: 'no', path: 'p' }] } }, undefined],
  [{ secret: { secretName: 'keys' } }, undefined],
  [{ secret: { secretName: 'x' } }, 'secret "x" not found'],
  [{ secret: { secretName: 'keys', items: [{ key: 'no', path: 'p' }] } }, 'references non-existent secret key: no'],
  [{ projected: { sources: [{ configMap: { name: 'x' } }] } }, 'configmap "x" not found'],
  [
    { projected: { sources: [{ configMap: { name: 'x' } }, { secret: { name: 'z' } }, { secret: { name: 'keys' } }] } },
    '[configmap "x" not found, secret "z" not found]',
  ],
  [{ projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }, undefined],
  [{ emptyDir: {} }, undefined],
]

for (const [volume, missing] of volumes)
  test(`a pod that mounts ${JSON.stringify(volume)} lacks ${missing ?? 'nothing'}`, () => {
    const mounting = { name: 'web', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/v' }] }
    const made = pod('web', { volumes: [{ name: 'v', ...volume }], containers: [mounting] }) as Pod
    assert.equal(missingVolumes(made, find), missing ? [{ volume: 'v', missing }] : [])
  })

test('a volume that no container mounts is not looked for', () => {
  const made = pod('web', { volumes: [{ name: 'v', configMap: { name: 'x' } }] }) as Pod
  assert.equal(missingVolumes(made, find), [])
})

const key = (name: string, wanted: string, more: object = {}) => ({ name, key: wanted, ...more })
const variables: readonly [container: object, missing: string | undefined][] = [
  [{ envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }] }, undefined],
  [{ envFrom: [{ configMapRef: { name: 'x' } }] }, 'configmap "x" not found'],
  [{ envFrom: [{ secretRef: { name: 'x' } }] }, 'secret "x" not found'],
  [{ envFrom: [{ secretRef: { name: 'x', optional: true } }] }, undefined],
  [{ env: [{ name: 'A', value: 'a' }] }, undefined],
  [{ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] }, undefined],
  [{ env: [{ name: 'A', valueFrom: { configMapKeyRef: key('settings', 'level') } }] }, undefined],
  [{ env: [{ name: 'A', valueFrom: { configMapKeyRef: key('x', 'level') } }] }, 'configmap "x" not found'],
  [
    { env: [{ name: 'A', valueFrom: { configMapKeyRef: key('settings', 'no') } }] },
    "couldn't find key no in ConfigMap here/settings",
  ],
  [
    { env: [{ name: 'A', valueFrom: { secretKeyRef: key('keys', 'no') } }] },
    "couldn't find key no in Secret here/keys",
  ],
  [{ env: [{ name: 'A', valueFrom: { secretKeyRef: key('keys', 'no', { optional: true }) } }] }, undefined],
]

for (const [container, missing] of variables)
  test(`a container with ${JSON.stringify(container)} lacks ${missing ?? 'nothing'}`, () => {
    assert.is(missingVariable({ name: 'web', image: 'nginx', ...container }, 'here', find), missing)
  })

const referring: readonly [spec: object, source: 'configmaps' | 'secrets'][] = [
  [{ volumes: [{ name: 'v', configMap: { name: 'x' } }] }, 'configmaps'],
  [{ volumes: [{ name: 'v', secret: { secretName: 'x' } }] }, 'secrets'],
  [{ volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'x' } }] } }] }, 'configmaps'],
  [{ containers: [{ name: 'c', image: 'i', envFrom: [{ secretRef: { name: 'x' } }] }] }, 'secrets'],
  [
    {
      initContainers: [{ name: 'i', image: 'i', env: [{ name: 'A', valueFrom: { configMapKeyRef: key('x', 'k') } }] }],
    },
    'configmaps',
  ],
]
for (const [spec, source] of referring)
  test(`what a pod has of ${source}: ${JSON.stringify(spec)}`, () => {
    const made = pod('web', spec) as Pod
    assert.ok(refersTo(made, source, 'x'))
    assert.not(refersTo(made, source, 'y'))
    assert.not(refersTo(made, source === 'secrets' ? 'configmaps' : 'secrets', 'x'))
  })

test.run()
