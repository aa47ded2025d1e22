import * as assert from 'uvu/assert'
import { atLeast, minorOf, versionOfImage } from '../../lib/doctor/versions.ts'
import { suite } from '../support/suite.ts'

const test = suite('versions')

const orders: [version: string, least: string, is: boolean][] = [
  ['20.19.0', '20.19', true],
  ['20.19', '20.19.0', true],
  ['20.9.0', '20.19', false],
  ['24.0.0', '20.19', true],
  ['20.10.24+dfsg1', '20.10', true],
  ['9.9.9', '10.0', false],
]
for (const [version, least, is] of orders)
  test(`${version} is ${is ? '' : 'not '}at least ${least}`, () => {
    assert.is(atLeast(version, least), is)
  })

const images: [image: string, version: string | undefined][] = [
  ['kindest/node:v1.29.2', '1.29.2'],
  ['kindest/node:v1.29.2@sha256:51a1434a', '1.29.2'],
  ['localhost:5000/kindest/node:v1.30.0', '1.30.0'],
  ['localhost:5000/node', undefined],
  ['kindest/node:latest', undefined],
  ['sha256:51a1434a5397', undefined],
]
for (const [image, version] of images)
  test(`${image} is ${version ?? 'of a version unknown'}`, () => {
    assert.is(versionOfImage(image), version)
  })

test('a minor is read from versions and images alike', () => {
  assert.equal(['1.29.2', 'v1.30.0', 'kindest/node:v1.36.1@sha256:1.2', '2.0.0', 'latest'].map(minorOf), [
    29,
    30,
    36,
    undefined,
    undefined,
  ])
})

test.run()
