import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type Tool, toolVersion } from '../../lib/machine.ts'
import { envWithTools } from '../../lib/tools/bin.ts'
import { installTool } from '../../lib/tools/install.ts'
import { type Platform, releaseOf, tools } from '../../lib/tools/releases.ts'
import { en } from '../../lib/words/en.ts'
import { serveDownloads, sha256 } from '../support/downloads.ts'
import { failureOf } from '../support/failures.ts'
import { temporaryFolder } from '../support/folder.ts'
import { suite } from '../support/suite.ts'
import { offerRelease, tarOf } from '../support/tools.ts'

const test = suite('install')

const platform: Platform = { os: 'linux', arch: 'amd64' }
const signal = new AbortController().signal

test.before.each(() => {
  process.env.LAB_HOME = join(temporaryFolder(), 'lab')
})

function install(tool: Tool, mirror: string, on = platform): Promise<string> {
  return installTool(tool, { mirror, platform: on, words: en, signal })
}

for (const tool of tools)
  test(`${tool} is downloaded, comes first on the PATH, and tells the lesson's version`, async () => {
    const downloads = await serveDownloads()
    offerRelease(downloads, tool, platform)
    const place = await install(tool, downloads.url)
    assert.is(place, join(process.env.LAB_HOME ?? '', 'bin', tool))
    assert.is(statSync(place).mode & 0o777, 0o755)
    assert.is(await toolVersion(tool, envWithTools()), releaseOf(tool, platform).version)
    assert.equal(readdirSync(join(place, '..')), [tool])
    await downloads.close()
  })

test('a mirror is asked below the name of each host, with or without a slash at its end', async () => {
  const downloads = await serveDownloads()
  const path = offerRelease(downloads, 'kubectl', platform)
  await install('kubectl', `${downloads.url}/`)
  assert.equal(downloads.requests, [`${path}.sha256`, path])
  assert.match(path, /^dl\.k8s\.io\//)
  await downloads.close()
})

test('a wrong checksum leaves the tool that was there as it was', async () => {
  const downloads = await serveDownloads()
  const path = offerRelease(downloads, 'kind', platform)
  downloads.files.set(path, Buffer.from('something else'))
  const folder = join(process.env.LAB_HOME ?? '', 'bin')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'kind'), '#!/bin/sh\necho kind v0.1.2\n', { mode: 0o755 })
  await failureOf(() => install('kind', downloads.url))
  assert.equal(readdirSync(folder), ['kind'])
  assert.match(execFileSync(join(folder, 'kind'), { encoding: 'utf8' }), /v0\.1\.2/)
  await downloads.close()
})

test('an archive without the tool in it is not installed', async () => {
  const downloads = await serveDownloads()
  offerRelease(downloads, 'istioctl', platform)
  const { path } = releaseOf('istioctl', platform)
  const other = tarOf('readme', Buffer.from('no tool'))
  downloads.files.set(path, other)
  downloads.files.set(`${path}.sha256`, Buffer.from(sha256(other)))
  const { message } = await failureOf(() => install('istioctl', downloads.url))
  assert.is(message, 'the archive with istioctl cannot be unpacked')
  assert.not(existsSync(join(process.env.LAB_HOME ?? '', 'bin', 'istioctl')))
  await downloads.close()
})

test.run()
