/** The lesson's virtual machine, as far as it can be tried without one. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as assert from 'uvu/assert'
import type { Tool } from '../lib/machine.ts'
import { releaseOf, tools } from '../lib/tools/releases.ts'
import { versions } from '../lib/versions.ts'
import { type Downloads, serveDownloads, sha256 } from './support/downloads.ts'
import { temporaryFolder } from './support/folder.ts'
import { suite } from './support/suite.ts'
import { isOnPath, pathWith } from './support/tools.ts'

const test = suite('vagrant')
const exec = promisify(execFile)

const root = join(import.meta.dirname, '..')
const script = join(root, 'vagrant', 'provision.sh')
const content = Buffer.alloc(50_000, 'a program ')

/** With programs of the developer's own machine, each is a test; CI installs all of them. */
function testWith(program: string, title: string, body: () => unknown): void {
  if (isOnPath(program) || process.env.CI === 'true') test(title, body)
  else test.skip(title, `there is no ${program} here`)
}

testWith('vagrant', 'the Vagrantfile is valid', () => {
  const home = temporaryFolder()
  const env = { ...process.env, VAGRANT_HOME: join(home, 'vagrant'), VAGRANT_DOTFILE_PATH: join(home, 'dot') }
  const output = execFileSync('vagrant', ['validate', '--ignore-provider'], { cwd: root, env, encoding: 'utf8' })
  assert.match(output, /validated successfully/)
})

testWith('shellcheck', 'the provisioning has nothing that shellcheck warns of', () => {
  execFileSync('shellcheck', [script], { encoding: 'utf8' })
})

const facts: [what: string, line: RegExp][] = [
  ['the box that still exists', /vm\.box = "bento\/ubuntu-24\.04"/],
  ['the host name', /vm\.hostname = "otel"/],
  ['the forwarded port', /"forwarded_port", guest: 8080, host: host_port/],
  ["the host's port", /"LAB_HOST_PORT", "8888"/],
  ['the processors', /cpus = 2$/m],
  ['the memory', /memory = 4096$/m],
]
for (const [what, line] of facts)
  test(`the machine is the lesson's: ${what}`, () => {
    assert.match(readFileSync(join(root, 'Vagrantfile'), 'utf8'), line)
  })

test("the provisioning installs the lesson's versions", () => {
  const text = readFileSync(script, 'utf8')
  assert.match(text, new RegExp(`^KUBECTL_VERSION=${versions.kubectl}$`, 'm'))
  assert.match(text, new RegExp(`^KIND_VERSION=${versions.kind}$`, 'm'))
  assert.match(text, new RegExp(`^ISTIO_VERSION=${versions.istio}$`, 'm'))
})

/** Runs commands with the provisioning's functions at hand, nothing being installed outside of a folder. */
async function shell(commands: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; stderr: string }> {
  const text = `source ${script}\n${commands}`
  return exec('bash', ['-c', text], { env: { ...process.env, LAB_RETRIES: '0', ...env } }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }) => ({ code, stderr }),
  )
}

interface Served extends Downloads {
  file: string
  env: NodeJS.ProcessEnv
}

async function serving(sums = `${sha256(content)}  program\n`): Promise<Served> {
  const downloads = await serveDownloads()
  downloads.files.set('host/program', content)
  downloads.files.set('host/sums', Buffer.from(sums))
  const file = join(temporaryFolder(), 'file')
  return { ...downloads, file, env: { LAB_MIRROR: downloads.url, FILE: file } }
}

const get = 'get_checked host/program host/sums "$FILE"'

for (const [title, sums] of [
  ['alone', `${sha256(content)}`],
  ['with its name', `${sha256(content)}  program\n`],
  ['in a list', `${'0'.repeat(64)}  other\n${sha256(content)}  program\n`],
] as const)
  test(`a download is held against a checksum that stands ${title}`, async () => {
    const server = await serving(sums)
    const { code, stderr } = await shell(get, server.env)
    assert.is(code, 0, stderr)
    assert.ok(readFileSync(server.file).equals(content))
    await server.close()
  })

for (const [title, sums] of [
  ['another checksum', `${'0'.repeat(64)}  program\n`],
  ['none in the list', `${sha256(content)}  other\n`],
] as const)
  test(`a download with ${title} is refused and not kept`, async () => {
    const server = await serving(sums)
    const { code, stderr } = await shell(get, server.env)
    assert.is(code, 1)
    assert.match(stderr, new RegExp(`program has the SHA-256 ${sha256(content)}, its publisher says .*; not installed`))
    assert.not(existsSync(server.file))
    await server.close()
  })

test('a connection that is cut once is tried again', async () => {
  const server = await serving()
  server.cuts.set('host/program', 1)
  const { code, stderr } = await shell(get, { ...server.env, LAB_RETRIES: '1' })
  assert.is(code, 0, stderr)
  assert.ok(readFileSync(server.file).equals(content))
  assert.equal(server.requests, ['host/sums', 'host/program', 'host/program'])
  await server.close()
})

test('a connection that stays cut leaves nothing behind and says how to go on', async () => {
  const server = await serving()
  server.cuts.set('host/program', 9)
  const { code, stderr } = await shell(get, server.env)
  assert.is(code, 1)
  assert.match(stderr, /cannot download http.*host\/program; run 'vagrant provision' to go on/)
  assert.not(existsSync(server.file))
  await server.close()
})

for (const tool of tools)
  test(`${tool} is asked for where the doctor asks for it, on both architectures`, async () => {
    for (const [machine, arch] of [
      ['x86_64', 'amd64'],
      ['aarch64', 'arm64'],
    ] as const) {
      const server = await serveDownloads()
      const uname = pathWith([], { uname: `echo ${machine}` })
      const env = { LAB_MIRROR: server.url, WORK: temporaryFolder(), PATH: `${uname}:${process.env.PATH}` }
      await shell(`install_${tool}`, env)
      const { checksums } = releaseOf(tool as Tool, { os: 'linux', arch })
      assert.equal(server.requests, [checksums])
      await server.close()
    }
  })

test('a machine of another architecture is told so', async () => {
  const uname = pathWith([], { uname: 'echo riscv64' })
  const { code, stderr } = await shell('go_architecture', { PATH: `${uname}:${process.env.PATH}` })
  assert.is(code, 1)
  assert.match(stderr, /no downloads for the architecture riscv64/)
})

test.run()
