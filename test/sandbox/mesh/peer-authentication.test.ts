import { equal } from 'node:assert/strict'
import { type PeerAuthentication, PeerAuthentications } from '../../../lib/sandbox/mesh/peer-authentication.ts'
import { pod } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('peer authentication')

const asked = pod({ name: 'a', labels: { app: 'a' } })

function policy(spec: object, namespace = 'default', name = 'p', creationTimestamp = ''): PeerAuthentication {
  const metadata = { name, namespace, creationTimestamp }
  return { apiVersion: 'v1', kind: 'PeerAuthentication', metadata, spec } as PeerAuthentication
}

const mtls = (mode: string) => ({ mtls: { mode } })
const ofA = (spec: object) => ({ selector: { matchLabels: { app: 'a' } }, ...spec })
const ofB = (spec: object) => ({ selector: { matchLabels: { app: 'b' } }, ...spec })
const ports = (mode: string) => ({ portLevelMtls: { 9080: { mode } } })

const modes: readonly [what: string, policies: readonly PeerAuthentication[], mode: string][] = [
  ['none', [], 'PERMISSIVE'],
  ['that of the mesh', [policy(mtls('STRICT'), 'istio-system')], 'STRICT'],
  ['that of the namespace', [policy(mtls('STRICT'), 'istio-system'), policy(mtls('DISABLE'))], 'DISABLE'],
  ['that of another namespace', [policy(mtls('STRICT'), 'other')], 'PERMISSIVE'],
  ['that of the workload', [policy(mtls('STRICT')), policy(ofA(mtls('PERMISSIVE')), 'default', 'q')], 'PERMISSIVE'],
  ['that of another workload', [policy(ofB(mtls('STRICT')))], 'PERMISSIVE'],
  ["the root namespace's for a workload", [policy(ofA(mtls('STRICT')), 'istio-system')], 'PERMISSIVE'],
  ['that of the port', [policy(ofA({ ...mtls('STRICT'), ...ports('DISABLE') }))], 'DISABLE'],
  ['that of the port for all workloads', [policy(ports('STRICT'))], 'PERMISSIVE'],
  ['one that says nothing', [policy(mtls('STRICT')), policy(ofA(mtls('UNSET')), 'default', 'q')], 'STRICT'],
  [
    'the older of two',
    [policy(mtls('STRICT'), 'default', 'b', '2024-01-01'), policy(mtls('DISABLE'), 'default', 'a', '2024-01-02')],
    'STRICT',
  ],
]

for (const [what, policies, mode] of modes)
  test(`by ${what}: ${mode}`, () => equal(new PeerAuthentications(policies).modeOf(asked, 9080), mode))

test.run()
