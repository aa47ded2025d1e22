import * as assert from 'uvu/assert'
import { ipFamilies } from '../../../lib/sandbox/admission/ip-families.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { StatusError } from '../../../lib/sandbox/status.ts'
import { suite } from '../../support/suite.ts'

const test = suite('IP families')

const service = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec })

const single = { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv4'] }
const dual = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'] }
const answers: readonly [what: string, spec: object, families: object][] = [
  ['a service', { selector: { a: 'b' } }, single],
  ['a headless service', { clusterIP: 'None', selector: { a: 'b' } }, single],
  ['a headless service that selects nothing', { clusterIP: 'None' }, dual],
  ['one that asks for a single family', { clusterIP: 'None', ipFamilyPolicy: 'SingleStack' }, single],
]

for (const [what, spec, families] of answers)
  test(`${what} has ${JSON.stringify(families)}`, () => {
    assert.equal(ipFamilies(service(spec)), families)
  })

test('a headless service that begins to select is refused the second family', () => {
  const old = service({ clusterIP: 'None', ...dual })
  const next = service({ clusterIP: 'None', selector: { a: 'b' }, ...dual })
  assert.throws(
    () => ipFamilies(next, old),
    (error: unknown) =>
      error instanceof StatusError &&
      error.details?.causes?.map(({ field }) => field).join() === 'spec.ipFamilyPolicy,spec.ipFamilies[1]',
  )
})

test.run()
