import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { projectFolder } from '../lib/state.ts'
import { versions } from '../lib/versions.ts'
import { suite } from './support/suite.ts'

const test = suite('versions')

const read = (file: string) => readFileSync(join(projectFolder, file), 'utf8')
const minorOf = (version: string) => Number(/1\.(\d+)\./.exec(version)?.[1])

test('the versions are those of the lesson', () => {
  assert.equal([versions.kind, versions.kubectl, versions.istio], ['0.22.0', '1.30.0', '1.21.2'])
})

test("the node's Kubernetes is one that Istio 1.21 supports, and kubectl is within one minor of it", () => {
  const kubernetes = minorOf(versions.nodeImage)
  assert.ok(kubernetes >= 26 && kubernetes <= 29, versions.nodeImage)
  assert.ok(Math.abs(minorOf(versions.kubectl) - kubernetes) <= 1)
})

test("the manifest names no other node image than kind's own of that version", () => {
  assert.not.match(read('manifests/kind-cluster.yaml'), 'image:')
})

test.run()
