import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import * as assert from 'uvu/assert'
import { quote } from '../lib/sh.ts'
import { projectFolder } from '../lib/state.ts'
import { temporaryFolder } from './support/folder.ts'
import { newLab } from './support/lab.ts'
import { suite } from './support/suite.ts'

const test = suite('sandbox-shell')

const home = temporaryFolder()
const lab = newLab({ env: { HOME: home } })
const onPath = (program: string) => spawnSync('which', [program]).status === 0
const inSandbox = (...args: string[]) => lab.script('sandbox.ts', ...args)

test('a command sees the sandbox by its environment, and finds its programs first', async () => {
  const lines = 'echo $KIND_CLUSTER_NAME $LAB_SANDBOX_PORT; echo $KUBECONFIG; command -v kind istioctl'
  const { code, stdout } = await inSandbox('--name', 'two', '--port', '8090', 'bash', '-c', lines)
  assert.is(code, 0)
  assert.equal(stdout.trim().split('\n'), [
    'two 8090',
    join(lab.home, 'sandbox', 'two', 'kubeconfig'),
    join(projectFolder, 'dist', 'bin', 'kind'),
    join(projectFolder, 'dist', 'bin', 'istioctl'),
  ])
})

test('the port of a sandbox is remembered', async () => {
  const { stdout } = await inSandbox('--name', 'two', 'bash', '-c', 'echo $LAB_SANDBOX_PORT')
  assert.is(stdout.trim(), '8090')
})

const endings: { title: string; args: string[]; code: number }[] = [
  { title: "a command's own exit code", args: ['bash', '-c', 'exit 7'], code: 7 },
  { title: '128 for a command that was killed', args: ['bash', '-c', 'kill -9 $$'], code: 128 },
  { title: '2 for a command that is not there', args: ['no-such-command'], code: 2 },
  { title: '2 for an option that is not there', args: ['--nmae', 'two'], code: 2 },
  { title: '0 for --help', args: ['--help'], code: 0 },
]
for (const { title, args, code } of endings)
  test(`it ends with ${title}`, async () => {
    assert.is((await inSandbox(...args)).code, code)
  })

test("options behind the command are the command's", async () => {
  const { stdout } = await inSandbox('echo', '--name', 'two', '--help')
  assert.is(stdout, '--name two --help\n')
})

/** What stands on the terminal of a shell, opened without a command, into which these lines are typed. */
async function typing(...lines: string[]): Promise<string> {
  const line = [process.execPath, '--import', 'tsx/esm', 'scripts/sandbox.ts'].map(quote).join(' ')
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: projectFolder,
    env: { ...lab.env, SHELL: '/bin/sh' },
  })
  let terminal = ''
  let typed = false
  child.stdout.on('data', (text) => {
    terminal += text
    if (typed || !terminal.includes('(sandbox kind, simulated)')) return
    typed = true
    child.stdin.write([...lines, 'exit', ''].join('\n'))
  })
  await once(child, 'close')
  return stripVTControlCharacters(terminal)
}

const shell = "a shell has the user's own settings, a prompt that says where one is, and the sandbox's programs first"
if (onPath('script'))
  test(shell, async () => {
    writeFileSync(join(home, '.bashrc'), 'export PATH=/usr/bin:/bin MINE=yes\n')
    const terminal = await typing('echo mine:$MINE', 'echo kind:$(command -v kind)')
    assert.match(terminal, 'Sandbox "kind": simulated, no Docker and no real Istio.')
    assert.match(terminal, 'mine:yes')
    assert.match(terminal, `kind:${join(projectFolder, 'dist', 'bin', 'kind')}`)
  })
else test.skip(shell, 'no script(1) is installed, which makes a terminal')

test.run()
