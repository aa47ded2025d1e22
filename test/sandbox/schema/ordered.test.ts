/** The order of fields in JSON, as a real server wrote it (Kubernetes 1.29.2, Istio 1.21.2). */
import * as assert from 'uvu/assert'
import type { KubeObject } from '../../../lib/sandbox/objects.ts'
import { inOrder } from '../../../lib/sandbox/schema/ordered.ts'
import { suite } from '../../support/suite.ts'
import { kindOf } from './kinds.ts'

const test = suite('the order of fields')

/** A resource, an object with its fields in some order, and the text that a server makes of it. */
const texts: readonly [string, object, string][] = [
  [
    'pods',
    {
      apiVersion: 'v1',
      spec: {
        restartPolicy: 'Always',
        containers: [{ image: 'a', name: 'b', readinessProbe: { periodSeconds: 1, tcpSocket: { port: 1 } } }],
        volumes: [{ emptyDir: {}, name: 'c' }],
      },
      metadata: { uid: 'd', labels: { z: '', a: '' }, name: 'e' },
      kind: 'Pod',
    },
    '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"e","uid":"d","labels":{"a":"","z":""}},"spec":{"volumes":[{"name":"c","emptyDir":{}}],"containers":[{"name":"b","image":"a","readinessProbe":{"tcpSocket":{"port":1},"periodSeconds":1}}],"restartPolicy":"Always"}}',
  ],
  [
    'customresourcedefinitions',
    {
      spec: {
        versions: [{ schema: { openAPIV3Schema: { items: { properties: {}, type: 'object' }, type: 'array' } } }],
      },
      kind: 'CustomResourceDefinition',
    },
    '{"kind":"CustomResourceDefinition","spec":{"versions":[{"schema":{"openAPIV3Schema":{"type":"array","items":{"type":"object","properties":{}}}}}]}}',
  ],
  [
    'virtualservices',
    {
      kind: 'VirtualService',
      spec: { http: [{ route: [{ weight: 1, destination: {} }] }] },
      metadata: { name: 'a' },
      apiVersion: 'b',
    },
    '{"apiVersion":"b","kind":"VirtualService","metadata":{"name":"a"},"spec":{"http":[{"route":[{"destination":{},"weight":1}]}]}}',
  ],
]

for (const [resource, object, text] of texts)
  test(resource, () => {
    const kind = kindOf(resource)
    assert.is(JSON.stringify(inOrder(kind, kind.versions[0] as string, object as KubeObject)), text)
  })

test.run()
