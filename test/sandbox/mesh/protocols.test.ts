import { equal } from 'node:assert/strict'
import { speaksHttp } from '../../../lib/sandbox/mesh/protocols.ts'
import { suite } from '../../support/suite.ts'

const test = suite('protocols of ports')

const ports: readonly [what: string, port: Parameters<typeof speaksHttp>[0], http: boolean][] = [
  ['without a name', { port: 9080 }, true],
  ['named http', { name: 'http', port: 9080 }, true],
  ['named after what it serves', { name: 'web', port: 9080 }, true],
  ['named tcp', { name: 'tcp', port: 9080 }, false],
  ['named tcp and more', { name: 'TCP-reviews', port: 9080 }, false],
  ['named https', { name: 'https', port: 9080 }, false],
  ['named like a protocol, but not with a dash', { name: 'tcpreviews', port: 9080 }, true],
  ['whose appProtocol is tcp', { name: 'http', port: 9080, appProtocol: 'tcp' }, false],
  ['whose appProtocol is http', { name: 'tcp', port: 9080, appProtocol: 'http' }, true],
  ['for WebSockets within TLS', { port: 9080, appProtocol: 'kubernetes.io/wss' }, false],
  ['for WebSockets', { port: 9080, appProtocol: 'kubernetes.io/ws' }, true],
  ['of a database', { name: 'db', port: 27017 }, false],
  ['of a database, named http', { name: 'http-db', port: 27017 }, true],
]

for (const [what, port, http] of ports)
  test(`a port ${what} is ${http ? '' : 'not '}one of HTTP`, () => {
    equal(speaksHttp(port), http)
  })

test.run()
