import * as assert from 'uvu/assert'
import { fullName, imageId, parseImage, pullFailure } from '../../../../lib/sandbox/controllers/pods/images.ts'
import { suite } from '../../../support/suite.ts'

const test = suite('images')

const digest = `sha256:${'a'.repeat(64)}`
const names: [name: string, full: string][] = [
  ['nginx', 'docker.io/library/nginx:latest'],
  ['nginx:1.25', 'docker.io/library/nginx:1.25'],
  ['istio/proxyv2:1.21.2', 'docker.io/istio/proxyv2:1.21.2'],
  ['localhost:5000/mine:1', 'localhost:5000/mine:1'],
  ['registry.k8s.io/pause', 'registry.k8s.io/pause:latest'],
  [`nginx@${digest}`, `docker.io/library/nginx@${digest}`],
  [`nginx:1.25@${digest}`, `docker.io/library/nginx:1.25@${digest}`],
]
for (const [name, full] of names)
  test(`${name.slice(0, 30)} is ${full.slice(0, 45)} in full`, () => {
    const image = parseImage(name)
    assert.ok(image)
    assert.is(fullName(image), full)
    assert.match(imageId(image), /@sha256:[0-9a-f]{64}$/)
  })

for (const name of ['Nginx', 'nginx:', 'a//b', 'nginx:a b', '', 'nginx@sha256:12'])
  test(`"${name}" is the name of no image`, () => {
    assert.is(pullFailure(name)?.reason, 'InvalidImageName')
  })

const images: [name: string, failure: RegExp | undefined][] = [
  ['docker.io/istio/examples-bookinfo-reviews-v1:1.18.0', undefined],
  ['docker.io/istio/examples-bookinfo-reviews-v3:1.20.2', undefined],
  ['docker.io/istio/examples-bookinfo-reviews-v1:1.99.0', /reviews-v1:1\.99\.0: not found$/],
  ['docker.io/istio/examples-bookinfo-reviews-v4:1.18.0', /pull access denied/],
  ['nginx:1.25-alpine', undefined],
  ...['nginx:1.25.3-alpine3.18-slim', 'node:20-bookworm', 'busybox:musl', 'python:3.12.1-slim', 'ubuntu:22.04'].map(
    (name): [string, undefined] => [name, undefined],
  ),
  ...['redis:7.2-rc1', 'postgres:16.2-alpine', 'traefik:v2.11', 'istio/proxyv2:1.22.0-rc.0'].map(
    (name): [string, undefined] => [name, undefined],
  ),
  ...['nginx:1.161', 'nginx:1.25-nope', 'busybox:0.0.nosuch', 'redis:99999', 'nginx:broken', 'nginx:1.25.'].map(
    (name): [string, RegExp] => [name, /: not found$/],
  ),
  ['nginx:nosuchtag', /docker\.io\/library\/nginx:nosuchtag: not found$/],
  ['nobody/nothing', /pull access denied, repository does not exist or may require authorization/],
  ['example.com/nobody/nothing:1', /example\.com\/nobody\/nothing:1: not found$/],
  ['registry.k8s.io/coredns/coredns:v1.11.1', undefined],
]
for (const [name, failure] of images)
  test(`${name} ${failure ? 'cannot be pulled' : 'runs'}`, () => {
    const failed = pullFailure(name)
    if (failure) {
      assert.is(failed?.reason, 'ErrImagePull')
      assert.match(failed?.message as string, failure)
    } else assert.is(failed, undefined)
  })

test.run()
