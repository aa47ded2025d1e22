import * as assert from 'uvu/assert'
import type { Tool } from '../../lib/machine.ts'
import { addressOf, type Platform, platformOf, releaseOf } from '../../lib/tools/releases.ts'
import { en } from '../../lib/words/en.ts'
import { failureOf } from '../support/failures.ts'
import { suite } from '../support/suite.ts'

const test = suite('releases')

const linux: Platform = { os: 'linux', arch: 'amd64' }
const mac: Platform = { os: 'darwin', arch: 'arm64' }
const kind = 'https://github.com/kubernetes-sigs/kind/releases/download/v0.22.0'
const istio = 'https://github.com/istio/istio/releases/download/1.21.2'

const addresses: [Tool, Platform, string, string][] = [
  ['kind', linux, `${kind}/kind-linux-amd64`, `${kind}/kind-linux-amd64.sha256sum`],
  ['kind', mac, `${kind}/kind-darwin-arm64`, `${kind}/kind-darwin-arm64.sha256sum`],
  [
    'kubectl',
    linux,
    'https://dl.k8s.io/release/v1.30.0/bin/linux/amd64/kubectl',
    'https://dl.k8s.io/release/v1.30.0/bin/linux/amd64/kubectl.sha256',
  ],
  [
    'kubectl',
    mac,
    'https://dl.k8s.io/release/v1.30.0/bin/darwin/arm64/kubectl',
    'https://dl.k8s.io/release/v1.30.0/bin/darwin/arm64/kubectl.sha256',
  ],
  [
    'istioctl',
    linux,
    `${istio}/istioctl-1.21.2-linux-amd64.tar.gz`,
    `${istio}/istioctl-1.21.2-linux-amd64.tar.gz.sha256`,
  ],
  ['istioctl', mac, `${istio}/istioctl-1.21.2-osx-arm64.tar.gz`, `${istio}/istioctl-1.21.2-osx-arm64.tar.gz.sha256`],
]
for (const [tool, platform, address, checksums] of addresses)
  test(`${tool} for ${platform.os} on ${platform.arch} is where its publisher has it`, () => {
    const release = releaseOf(tool, platform)
    assert.is(addressOf(release.path), address)
    assert.is(addressOf(release.checksums), checksums)
  })

test('x64 and arm64 of Linux and macOS are known', () => {
  assert.equal(platformOf(en, 'linux', 'x64'), linux)
  assert.equal(platformOf(en, 'darwin', 'arm64'), mac)
})

for (const [system, architecture] of [
  ['win32', 'x64'],
  ['linux', 'riscv64'],
] as const)
  test(`${system} on ${architecture} is told that there are no downloads`, async () => {
    const { message, exitCode } = await failureOf(() => platformOf(en, system, architecture))
    assert.match(message, new RegExp(`${system} on ${architecture}`))
    assert.is(exitCode, 3)
  })

test.run()
