/** The script as a user runs it, on a machine made of stand-ins for Docker and the tools. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { recordLab } from '../../lib/state.ts'
import { platformOf, tools } from '../../lib/tools/releases.ts'
import { en } from '../../lib/words/en.ts'
import { serveDownloads } from '../support/downloads.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort, listen } from '../support/listen.ts'
import { suite } from '../support/suite.ts'
import { offerRelease, pathWith } from '../support/tools.ts'

const test = suite('doctor')

const root = join(import.meta.dirname, '..', '..')

const info = '{"CgroupVersion":"2","MemTotal":8000000000,"DockerRootDir":"/nowhere"}'
/** Docker's answers, as far as the doctor asks; there are no containers. */
const docker = `case "$1" in version) echo 27.0.3 ;; info) echo '${info}' ;; *) exit 1 ;; esac`
const ready = {
  docker,
  kind: 'echo kind v0.22.0 go1.20.13 linux/amd64',
  kubectl: 'echo Client Version: v1.30.0',
  istioctl: 'echo 1.21.2',
}

interface Run {
  code: number | null
  output: string
}

async function doctor(
  args: readonly string[],
  path: string,
  lab = temporaryFolder(),
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, ['--import', 'tsx/esm', 'scripts/doctor.ts', ...args], {
    cwd: root,
    env: { PATH: path, LAB_HOME: lab, LANG: 'C', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onStart(child)
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  child.stderr.on('data', (data) => (output += data))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output }
}

/** A port pair that is free makes a test independent of who uses 8080 here. */
const port = String(await freePort())

test('a machine with everything is ready for kind', async () => {
  const { code, output } = await doctor(['--port', port], pathWith([], ready))
  assert.is(code, 0, output)
  assert.match(output, /The lesson can run here, on kind\./)
  assert.match(output, /✔ Docker +27\.0\.3 answers/)
})

test('a machine with nothing is ready for the sandbox, and says what kind lacks', async () => {
  const { code, output } = await doctor([], pathWith([]))
  assert.is(code, 0, output)
  assert.match(output, /✘ Docker +Docker cannot be used: missing/)
  assert.match(output, /Not ready for kind: .*Docker, .*kind, kubectl, istioctl/)
  assert.match(output, /The lesson can run here, on the sandbox \(simulated\)/)
})

test('the same machine is not ready where kind is asked for', async () => {
  const { code, output } = await doctor(['--target', 'kind'], pathWith([]))
  assert.is(code, 3, output)
  assert.not.match(output, /can run here/)
})

test('a Docker that may not be used is told with the command that mends it', async () => {
  const denied = 'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1'
  const { code, output } = await doctor(['--target', 'kind'], pathWith([], { ...ready, docker: denied }))
  assert.is(code, 3)
  assert.match(output, /no permission\n.*saw +permission denied.*\n.*mend +sudo usermod -aG docker/)
})

test('--quiet tells only what is not well, and what comes of it', async () => {
  const without = { ...ready, kind: 'exit 1' }
  const { code, output } = await doctor(['--quiet', '--target', 'kind', '--port', port], pathWith([], without))
  assert.is(code, 3)
  assert.match(output, /✘ kind +kind is not installed/)
  assert.match(output, 'Not ready for kind: kind')
  assert.not.match(output, '✔')
})

test('after a context, it looks for the cluster that the lesson would make', async () => {
  const lab = temporaryFolder()
  process.env.LAB_HOME = lab
  recordLab({ target: 'context', name: 'cloud', port: 8080, made: {} })
  const { output } = await doctor(['--port', port], pathWith([], ready), lab)
  assert.match(output, /✔ cluster +no "kind" yet/)
})

test('stopped in a download, it says with which options to go on', async () => {
  let child: ChildProcess | undefined
  const silent = await listen(createServer(() => child?.kill('SIGINT')))
  const args = ['--fix', '--mirror', `http://localhost:${silent.port}`]
  const { code, output } = await doctor(args, pathWith([]), temporaryFolder(), (started) => (child = started))
  await silent.close()
  assert.is(code, 130, output)
  assert.match(output, `To go on: ./scripts/doctor.ts ${args.join(' ')}`)
})

test('it speaks Russian', async () => {
  const { code, output } = await doctor(['--lang', 'ru', '--target', 'sandbox'], pathWith([]))
  assert.is(code, 0)
  assert.match(output, /Урок можно пройти здесь: песочница/)
})

test('--fix brings the three tools into the state folder, and then the machine is ready', async () => {
  const downloads = await serveDownloads()
  for (const tool of tools) offerRelease(downloads, tool, platformOf(en))
  const lab = temporaryFolder()
  const args = ['--fix', '--mirror', downloads.url, '--target', 'kind', '--port', port]
  const path = pathWith(['sh', 'tar', 'gzip'], { docker })
  const { code, output } = await doctor(args, path, lab)
  assert.is(code, 0, output)
  assert.equal(readdirSync(join(lab, 'bin')).sort(), [...tools].sort())
  assert.not.match(output, /\r/)

  const asked = downloads.requests.length
  const again = await doctor(args, path, lab)
  assert.is(again.code, 0)
  assert.is(downloads.requests.length, asked, 'what is there was downloaded again')
  await downloads.close()
})

test('--fix with a wrong checksum ends with its failure and installs nothing of it', async () => {
  const downloads = await serveDownloads()
  for (const tool of tools) offerRelease(downloads, tool, platformOf(en))
  const [first = 'kind'] = tools
  downloads.files.set(offerRelease(downloads, first, platformOf(en)), Buffer.from('something else'))
  const lab = temporaryFolder()
  const { code, output } = await doctor(['--fix', '--mirror', downloads.url], pathWith(['sh', 'tar', 'gzip']), lab)
  assert.is(code, 1, output)
  assert.match(output, /not what its publisher says/)
  assert.not(existsSync(join(lab, 'bin', first)))
  await downloads.close()
})

for (const args of [['--mirror', 'ftp://host'], ['--nonsense'], ['--target', 'moon']])
  test(`${args.join(' ')} is a wrong usage`, async () => {
    assert.is((await doctor(args, pathWith([]))).code, 2)
  })

test.run()
