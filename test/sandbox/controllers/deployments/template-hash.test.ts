import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { setDefaults } from '../../../../lib/sandbox/admission/defaults.ts'
import { recording } from '../../../../lib/sandbox/cluster/recordings.ts'
import { templateHash } from '../../../../lib/sandbox/controllers/deployments/template-hash.ts'
import { Kinds } from '../../../../lib/sandbox/kinds/kinds.ts'
import type { KubeObject } from '../../../../lib/sandbox/objects.ts'
import { Store } from '../../../../lib/sandbox/store/store.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('template hash')

const manifest = readFileSync(join(import.meta.dirname, '../../../../manifests/bookinfo.yaml'), 'utf8')
const bookinfo = parseAllDocuments(manifest).map((document) => document.toJS() as KubeObject | null)
const istio = JSON.parse(recording('istio-demo.json')) as KubeObject[]
const kind = JSON.parse(recording('kind.json')) as { object: KubeObject }[]
const all = [...bookinfo, ...istio, ...kind.map(({ object }) => object)].filter((object) => object !== null)

const kinds = new Kinds(new Store())

function defaulted(name: string): KubeObject {
  const deployment = all.find((object) => object.kind === 'Deployment' && object.metadata.name === name)
  const found = kinds.get('deployments.apps')
  if (!deployment || !found) throw new Error(`no deployment ${name}`)
  return setDefaults(found, deployment)
}

// From /pods of a real cluster with kind 0.22.0 and Istio 1.21.2.
const hashes: Readonly<Record<string, string>> = {
  'details-v1': '698d88b',
  'productpage-v1': '675fc69cf',
  'ratings-v1': '6484c4d9bb',
  'reviews-v1': '5b5d6494f4',
  'reviews-v2': '5b667bcbf8',
  'reviews-v3': '5b9bd44f4',
  'istio-egressgateway': '5f9f78bbb7',
  istiod: '8474dd8856',
  coredns: '76f75df574',
}
for (const [name, hash] of Object.entries(hashes))
  test(`the template of ${name} has the hash ${hash}, as on a real cluster`, () => {
    assert.is(templateHash(defaulted(name).spec.template), hash)
  })

test('the gateway on the network of its host has the hash that a real cluster gives it', () => {
  const { template } = structuredClone(defaulted('istio-ingressgateway').spec)
  Object.assign(template.spec, { dnsPolicy: 'ClusterFirstWithHostNet', hostNetwork: true })
  assert.is(templateHash(template), '67b99577dc')
})

test('a collision gives another hash', () => {
  const { template } = defaulted('details-v1').spec
  assert.is.not(templateHash(template, 1), templateHash(template))
})

test.run()
