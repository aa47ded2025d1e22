import * as assert from 'uvu/assert'
import type { Context } from '../../../lib/sandbox/controllers/controller.ts'
import { expiryController } from '../../../lib/sandbox/controllers/expiry.ts'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what is kept for an hour')

const HOUR = 3_600_000
const begin = Date.parse('2026-01-01T00:00:00Z')
const requests = 'certificatesigningrequests.certificates.k8s.io'

const event = (more: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'told', namespace: 'default' },
  ...more,
})
const request = (status: object): KubeObject => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name: 'csr-a' },
  status,
})
const approved = [{ type: 'Approved', status: 'True', lastUpdateTime: '2026-01-01T00:00:00Z' }]

/** Looks at the object when so much time has gone; what the controller says, and whether it is still there. */
function looked(resource: string, object: KubeObject, ms: number) {
  const store = new Store()
  const stored = store.create(resource, object)
  const context = { store, now: () => new Date(begin + ms) } as Context
  const [key] = expiryController.keys({ type: 'ADDED', resource, object: stored }, context)
  const again = key && expiryController.reconcile(key, context)
  return { again, isThere: store.get(resource, object.metadata.name, object.metadata.namespace) !== undefined }
}

const cases: readonly [
  title: string,
  resource: string,
  object: KubeObject,
  ms: number,
  again: unknown,
  kept: boolean,
][] = [
  ['an event within the hour', 'events', event({ lastTimestamp: '2026-01-01T00:00:00Z' }), 1000, HOUR - 1000, true],
  ['an event after it', 'events', event({ lastTimestamp: '2026-01-01T00:00:00Z' }), HOUR, undefined, false],
  [
    'an event that was told again',
    'events',
    event({ firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:30:00Z' }),
    HOUR,
    HOUR / 2,
    true,
  ],
  [
    'an event of the newer API',
    'events',
    event({ lastTimestamp: null, eventTime: '2026-01-01T00:00:00.000000Z' }),
    HOUR,
    undefined,
    false,
  ],
  ['a request that was granted', requests, request({ certificate: 'x', conditions: approved }), HOUR, undefined, false],
  ['a request that nobody has answered', requests, request({}), HOUR * 2, undefined, true],
  ['anything else', 'configmaps', event({}), HOUR * 2, undefined, true],
]
for (const [title, resource, object, ms, again, isThere] of cases)
  test(`${title} ${isThere ? 'is kept' : 'goes'}`, () => {
    assert.equal(looked(resource, object, ms), { again, isThere })
  })

test.run()
