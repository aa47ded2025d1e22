/**
 * The provisioning of the virtual machine run for real, as root in a container that looks like the machine's Ubuntu,
 * against a local server of downloads: with a wrong checksum, with a connection that stays cut, whole, and once more.
 * Wants Docker, and where no image can be pulled debootstrap and root. Debian's packages and npm's come from where this
 * machine gets them.
 *
 *   node --import tsx/esm test/real/provision.ts
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as assert from 'uvu/assert'
import { platformOf, releaseOf, tools } from '../../lib/tools/releases.ts'
import { en } from '../../lib/words/en.ts'
import { type Downloads, serveDownloads, sha256 } from '../support/downloads.ts'
import { offerRelease } from '../support/tools.ts'

const root = join(import.meta.dirname, '..', '..')
const script = '/vagrant/vagrant/provision.sh'
const base = 'istio-lesson-provision'
const home = '/home/vagrant/istio-lesson'

/** Like the box: its user, its programs; services do not start in a container. Debian has no docker-compose-v2. */
const likeTheBox = `
set -eu
id vagrant 2>/dev/null || useradd --create-home --shell /bin/bash vagrant
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends sudo procps >/dev/null
apt-cache show docker-compose-v2 >/dev/null 2>&1 || {
  mkdir -p /tmp/stand-in/DEBIAN
  printf 'Package: docker-compose-v2\\nVersion: 2\\nArchitecture: all\\nMaintainer: none\\nDescription: stand-in\\n' \\
    >/tmp/stand-in/DEBIAN/control
  dpkg-deb --build /tmp/stand-in /tmp/stand-in.deb >/dev/null && dpkg -i /tmp/stand-in.deb >/dev/null
}`

/** Runs the story. @throws where the provisioning is not what it should be */
export async function provisionStory(log: (line: string) => void = console.log): Promise<void> {
  const downloads = await serveDownloads()
  const node = offerAll(downloads)
  const container = start(image(log))
  try {
    log('a container like the box')
    await run(container, 'root', likeTheBox)

    log('a wrong checksum: that program is refused')
    const [kind, checksums] = offered('kind')
    const right = downloads.files.get(checksums) as Buffer
    downloads.files.set(checksums, Buffer.from(`${'0'.repeat(64)}  ${kind.slice(kind.lastIndexOf('/') + 1)}\n`))
    const refused = await provision(container, downloads, 0)
    assert.is(refused.code, 1, refused.output)
    assert.match(refused.output, /its publisher says 0{64}; not installed/)
    assert.is(await answerOf(container, 'ls /usr/local/bin'), 'kubectl')
    downloads.files.set(checksums, right)

    log('a connection that stays cut: what was whole is kept, nothing of the rest')
    downloads.cuts.set(node, 99)
    const cut = await provision(container, downloads, 0)
    assert.is(cut.code, 1, cut.output)
    assert.match(cut.output, /cannot download .*nodejs\.org.*run 'vagrant provision' to go on/)
    assert.is(await answerOf(container, 'ls /usr/local/bin'), 'istioctl\nkind\nkubectl')

    log('one that is cut once: the machine becomes ready')
    downloads.cuts.set(node, 1)
    downloads.requests.length = 0
    const whole = await provision(container, downloads, 3)
    assert.is(whole.code, 0, whole.output)
    assert.equal(new Set(downloads.requests.map(hostOf)), new Set(['nodejs.org']), 'what was there came again')
    await checkMachine(container)

    log('once more: nothing is downloaded again, and what the student has made stays')
    await run(container, 'vagrant', `mkdir -p ${home}/.lab && touch ${home}/.lab/kept`)
    downloads.requests.length = 0
    const again = await provision(container, downloads, 0)
    assert.is(again.code, 0, again.output)
    assert.equal(downloads.requests, [])
    await run(container, 'vagrant', `test -f ${home}/.lab/kept`)
    await checkMachine(container)
  } finally {
    docker('rm', '--force', container)
    await downloads.close()
  }
}

async function checkMachine(container: string): Promise<void> {
  const login = (command: string) => answerOf(container, `su - vagrant -c '${command}'`)
  assert.is(await login('pwd'), home)
  assert.is(await login('echo $LANG $LAB_PAGE_URL'), 'ru_RU.UTF-8 http://localhost:8888')
  assert.match(await login('locale 2>&1'), /^LANG=ru_RU\.UTF-8$/m)
  assert.not.match(await login('locale 2>&1'), /Cannot set/)
  assert.match(await login('id -nG'), /\bdocker\b/)
  assert.match(await login('kubectl version --client'), /1\.30\.0/)
  assert.match(await login('kind version'), /0\.22\.0/)
  assert.match(await login('istioctl version --remote=false'), /1\.21\.2/)
  assert.match(await login('cat /proc/sys/fs/inotify/max_user_instances'), /^\d{3,}$/)
  assert.is(await answerOf(container, `find ${home} -not -user vagrant | head -1`), '')
  assert.match(await login('./scripts/01-install.ts --list'), /Создаём кластер Kubernetes/)
  assert.match(await login('test -x dist/sandbox/kind.js && readlink dist/bin/kind'), /kind\.js$/)
}

function offered(tool: (typeof tools)[number]): [path: string, checksums: string] {
  const { path, checksums } = releaseOf(tool, { ...platformOf(en), os: 'linux' })
  return [path, checksums]
}

/** Stand-ins for the three tools, and this machine's own Node in the shape of nodejs.org's. Gives the latter's path. */
function offerAll(downloads: Downloads): string {
  for (const tool of tools) offerRelease(downloads, tool, { ...platformOf(en), os: 'linux' })
  const version = /^NODE_VERSION=(.+)$/m.exec(readFileSync(join(root, 'vagrant', 'provision.sh'), 'utf8'))?.[1]
  const folder = `node-v${version}-linux-${process.arch}`
  const archive = nodeArchive(folder)
  const path = `nodejs.org/dist/v${version}/${folder}.tar.gz`
  downloads.files.set(path, archive)
  downloads.files.set(
    `nodejs.org/dist/v${version}/SHASUMS256.txt`,
    Buffer.from(`${'1'.repeat(64)}  node-v${version}.pkg\n${sha256(archive)}  ${folder}.tar.gz\n`),
  )
  return path
}

function nodeArchive(name: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'istio-lesson-node-'))
  try {
    const npm = dirname(dirname(realpathSync(which('npm'))))
    const make = `
      mkdir -p "$1/$2/bin" "$1/$2/lib/node_modules"
      cp -L "$3" "$1/$2/bin/node"
      cp -R "$4" "$1/$2/lib/node_modules/npm"
      ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/$2/bin/npm"
      ln -s ../lib/node_modules/npm/bin/npx-cli.js "$1/$2/bin/npx"
      tar -czf "$1/node.tar.gz" -C "$1" "$2"`
    execFileSync('sh', ['-euc', make, 'sh', folder, name, process.execPath, npm])
    return readFileSync(join(folder, 'node.tar.gz'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function which(program: string): string {
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).trim()
}

function hostOf(path: string): string {
  return path.slice(0, path.indexOf('/'))
}

/** The box's own Ubuntu where it can be had, else a Debian made here. */
function image(log: (line: string) => void): string {
  const exists = (name: string) => succeeds('docker', ['image', 'inspect', name])
  if (exists(base)) return base
  if (exists('ubuntu:24.04') || succeeds('docker', ['pull', '--quiet', 'ubuntu:24.04'])) return 'ubuntu:24.04'
  log('no image can be pulled: making a Debian with debootstrap')
  const folder = mkdtempSync(join(tmpdir(), 'istio-lesson-debian-'))
  try {
    const make = 'debootstrap --variant=minbase --include=ca-certificates,sudo,procps "$2" "$1" >/dev/null'
    execFileSync('sh', [
      '-euc',
      `${make}; tar -C "$1" -c . | docker import - "$3" >/dev/null`,
      'sh',
      folder,
      codename(),
      base,
    ])
    return base
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The Debian of this machine, so that its Node runs in the container. */
function codename(): string {
  return /^VERSION_CODENAME=(.+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'bookworm'
}

function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim()
}

/** The host's network, to reach the server of downloads; the shared folder read-only, as nothing is written there. */
function start(image: string): string {
  const { npm_config_registry: registry, NODE_EXTRA_CA_CERTS: certificates } = process.env
  const env = registry ? ['--env', `npm_config_registry=${registry}`] : npmRegistry()
  const ca =
    certificates && existsSync(certificates)
      ? ['--volume', `${certificates}:/etc/lesson-ca.crt:ro`, '--env', 'NODE_EXTRA_CA_CERTS=/etc/lesson-ca.crt']
      : []
  const options = ['--detach', '--network', 'host', '--privileged', '--volume', `${root}:/vagrant:ro`, ...env, ...ca]
  return docker('run', ...options, image, 'sleep', 'infinity')
}

function npmRegistry(): string[] {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  return ['--env', `npm_config_registry=${registry}`]
}

interface Result {
  code: number
  output: string
}

function provision(container: string, downloads: Downloads, retries: number): Promise<Result> {
  const settings = `LAB_MIRROR=${downloads.url} LAB_RETRIES=${retries} LAB_LANG=ru`
  return execute(container, 'root', `${settings} bash ${script}`)
}

async function run(container: string, user: string, command: string): Promise<void> {
  const { code, output } = await execute(container, user, command)
  assert.is(code, 0, output)
}

async function answerOf(container: string, command: string): Promise<string> {
  const { code, output } = await execute(container, 'root', command)
  assert.is(code, 0, output)
  return output.trim()
}

/** Not the synchronous one: the server of downloads lives in this process. */
function execute(container: string, user: string, command: string): Promise<Result> {
  const child = spawn('docker', ['exec', '--user', user, container, 'bash', '-c', command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  child.stderr.on('data', (data) => (output += data))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

if (process.argv[1] === import.meta.filename) {
  await provisionStory()
  console.log('the provisioning holds')
}
