import * as assert from 'uvu/assert'
import { unsupportedWarnings } from '../../../lib/sandbox/admission/unsupported.ts'
import { builtInKinds } from '../../../lib/sandbox/kinds/built-in.ts'
import type { Kind } from '../../../lib/sandbox/kinds/kind.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what is stored only')

const ingresses = builtInKinds.find(({ kind }) => kind === 'Ingress') as Kind
const ingress = (spec: object, labels = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'a', namespace: 'default', labels },
  spec,
})

test('a kind that nothing acts on is named, as long as its objects are new or changed', () => {
  const warning = ['sandbox: the Ingress is stored only, it has no effect on the mesh']
  assert.equal(unsupportedWarnings(ingresses, ingress({})), warning)
  assert.equal(unsupportedWarnings(ingresses, ingress({}, { a: 'b' }), ingress({})), [])
  assert.equal(unsupportedWarnings(ingresses, ingress({ rules: [] }), ingress({})), warning)
})

test('of what is acted on in part the other part is told', () => {
  const claims = builtInKinds.find(({ kind }) => kind === 'PersistentVolumeClaim') as Kind
  const claim = { ...ingress({}), apiVersion: 'v1', kind: 'PersistentVolumeClaim' }
  assert.equal(unsupportedWarnings(claims, claim), [
    'sandbox: no volume is made for a claim, which is bound where one is there already',
  ])
})

test('what istioctl installs is nobody’s to be told of', () => {
  const labels = { 'install.operator.istio.io/owning-resource': 'unknown' }
  assert.equal(unsupportedWarnings(ingresses, ingress({}, labels)), [])
})

test.run()
