import { equal, match } from 'node:assert/strict'
import { annotationError } from '../../../lib/sandbox/admission/annotation-values.ts'
import { suite } from '../../support/suite.ts'

const test = suite('values of annotations')

const taken: readonly [name: string, value: string][] = [
  ['proxy.istio.io/config', 'concurrency: 2'],
  ['proxy.istio.io/config', '{"holdApplicationUntilProxyStarts": true}'],
  ['sidecar.istio.io/proxyCPU', '20m'],
  ['sidecar.istio.io/proxyMemoryLimit', '1Gi'],
  ['status.sidecar.istio.io/port', '0'],
  ['anything.example/else', 'foo'],
]
for (const [name, value] of taken)
  test(`istiod takes ${name}: ${value}`, () => {
    equal(annotationError({ [name]: value }), undefined)
  })

const refused: readonly [name: string, value: string, why: RegExp][] = [
  ['proxy.istio.io/config', 'foo', /cannot unmarshal string into Go value of type map\[string\]json\.RawMessage/],
  ['proxy.istio.io/config', '[a]', /cannot unmarshal array into Go value/],
  ['sidecar.istio.io/proxyCPU', 'lots', /^failed applying injection overlay: .* quantities must match /],
  ['sidecar.istio.io/proxyMemoryLimit', '1Gix', /^failed applying injection overlay: .* quantities must match /],
  ['status.sidecar.istio.io/port', 'x', /^1 error occurred:\n\t\* invalid value 'x' for annotation /],
  ['sidecar.istio.io/interceptionMode', 'X', /use REDIRECT,TPROXY,NONE: X/],
]
for (const [name, value, why] of refused)
  test(`istiod refuses ${name}: ${value}`, () => {
    match(annotationError({ [name]: value }) ?? '', why)
  })

test.run()
