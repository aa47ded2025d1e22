import * as assert from 'uvu/assert'
import { sh } from '../lib/sh.ts'
import { type RunOptions, run, runOnce } from '../lib/shell.ts'
import { projectFolder } from '../lib/state.ts'
import { failureOf } from './support/failures.ts'
import { shellPrograms } from './support/programs.ts'
import { suite } from './support/suite.ts'

const test = suite('shell')

function options(more: Partial<RunOptions> = {}): RunOptions {
  return { env: process.env, signal: new AbortController().signal, limitMs: 20_000, ...more }
}

test('a command runs in the folder of the project', async () => {
  assert.is((await run(sh`pwd`, options())).stdout.trim(), projectFolder)
})

test('each line comes as it is said, from both outputs, the last one without its end too', async () => {
  const lines: string[] = []
  await run(sh`printf 'one\ntwo\nthree'; printf 'four\n' >&2`, options({ onLine: (line) => lines.push(line) }))
  assert.equal(lines.sort(), ['four', 'one', 'three', 'two'])
})

test('a command that reads gets its input, or an empty one: it does not hang', async () => {
  assert.is((await run(sh`cat`.with('kind: Cluster'), options())).stdout, 'kind: Cluster')
  assert.is((await run(sh`cat`, options())).stdout, '')
})

test('what is put in is one word, whatever is in it', async () => {
  assert.is((await run(sh`printf %s ${'$HOME; `id` \'"'}`, options())).stdout, '$HOME; `id` \'"')
})

test('a command sees the environment it is given, and no other', async () => {
  const { stdout } = await run(
    sh`echo $KUBECONFIG $USER`,
    options({ env: { PATH: process.env.PATH, KUBECONFIG: '/x', USER: '' } }),
  )
  assert.is(stdout.trim(), '/x')
})

test('a command that fails says with which code, and its last words', async () => {
  const failure = await failureOf(() => run(sh`printf '1\n2\n3\n4\n5\n6\n' >&2; exit 3`, options()))
  assert.match(failure.message, /failed with exit code 3$/)
  assert.is(failure.seen, '2\n3\n4\n5\n6')
})

test('a command that complains on its standard output is heard, too', async () => {
  assert.is((await failureOf(() => run(sh`echo no; false`, options()))).seen, 'no')
})

test('only the first line of a command is named when it fails', async () => {
  const failure = await failureOf(() => run(sh`cat /nowhere`.with('a\nb\n'), options()))
  assert.is(failure.message, "`cat /nowhere <<'EOF'` failed with exit code 1")
})

test('a command that fails before it has read its input is a failure, no crash', async () => {
  const failure = await failureOf(() => run(sh`exec <&-; exit 3`.with('x'.repeat(1_000_000)), options()))
  assert.match(failure.message, /exit code 3$/)
})

test('runOnce gives the exit code, whatever it is', async () => {
  assert.is((await runOnce(sh`exit 7`, options())).exitCode, 7)
})

test('a program that is not there is a failure like any other', async () => {
  assert.match((await failureOf(() => run(sh`no-such-program`, options()))).message, /exit code 127/)
})

const passing: readonly [what: string, said: string][] = [
  ['a webhook that is not up yet', 'Error from server (InternalError): failed calling webhook "validation.istio.io"'],
  ['an API server that is away', 'The connection to the server 127.0.0.1:6443 was refused - did you specify it?'],
  ['an API server that goes away', 'Get "https://127.0.0.1:6443/apis": EOF'],
]

for (const [what, said] of passing)
  test(`${what} is waited for`, async () => {
    const folder = shellPrograms({
      kubectl: `tries=$(cat "$0.tries" 2>/dev/null || echo 0); echo $((tries + 1)) > "$0.tries"
[ "$tries" -ge 2 ] && echo created && exit 0
echo '${said}' >&2; exit 1`,
    })
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` }
    assert.is((await run(sh`kubectl apply -f x.yaml`, options({ env }))).stdout.trim(), 'created')
  })

test('a command that goes on for too long is ended, even where it traps the signal', async () => {
  const failure = await failureOf(() => run(sh`trap '' TERM; sleep 600`, options({ limitMs: 200 })))
  assert.match(failure.message, /did not end within 0.2 s$/)
})

test('an interruption ends the command with its children', async () => {
  const stop = new AbortController()
  const lines: string[] = []
  const ended = run(
    sh`sleep 600 & echo $!; wait`,
    options({
      signal: stop.signal,
      onLine: (line) => {
        lines.push(line)
        stop.abort(new Error('interrupted'))
      },
    }),
  )
  try {
    await ended
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'interrupted')
  }
  const child = Number(lines[0])
  assert.ok(await isGone(child), `process ${child} goes on`)
})

test('nothing is begun after an interruption', async () => {
  const { stdout } = await run(sh`echo ok`, options())
  assert.is(stdout, 'ok\n')
  const stopped = options({ signal: AbortSignal.abort(new Error('interrupted')) })
  try {
    await runOnce(sh`echo never`, stopped)
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'interrupted')
  }
})

test("a command that has ended is not killed by a later stop: its number may be somebody else's", async () => {
  const stop = new AbortController()
  await run(sh`true`, options({ signal: stop.signal }))
  const killed: number[] = []
  const { kill } = process
  process.kill = (pid) => {
    killed.push(pid)
    return true
  }
  try {
    stop.abort()
  } finally {
    process.kill = kill
  }
  assert.equal(killed, [])
})

/** A killed process may be seen for a moment until its parent has heard of it. */
async function isGone(pid: number): Promise<boolean> {
  const state = async () => (await runOnce(sh`ps -o stat= -p ${String(pid)}`, options())).stdout.trim()
  for (let look = 0; look < 100; look++) if (/^(Z.*)?$/.test(await state())) return true
  return false
}

test.run()
