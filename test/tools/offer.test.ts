/** The question is asked on a terminal, so these tests make one with script(1). */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { quote } from '../../lib/sh.ts'
import { projectFolder } from '../../lib/state.ts'
import { platformOf } from '../../lib/tools/releases.ts'
import { en } from '../../lib/words/en.ts'
import { serveDownloads } from '../support/downloads.ts'
import { temporaryFolder } from '../support/folder.ts'
import { suite } from '../support/suite.ts'
import { isOnPath, offerRelease } from '../support/tools.ts'

const test = suite('offer')

const program = `
import { guarded } from './lib/main.ts'
import { offerDownload } from './lib/tools/offer.ts'
import { en } from './lib/words/en.ts'
await guarded(async () => {
  console.log('offered:', await offerDownload('./scripts/all.ts', en)(['kind', 'kubectl']))
  return 0
})`
const node = [process.execPath, '--import', 'tsx/esm', '--input-type=module', '--eval', program]

interface Answered {
  code: number | null
  output: string
  /** What was installed. */
  bin: string[]
}

/** @param typed what is typed once the question stands there; undefined for a machine without a terminal */
async function answer(typed: string | undefined): Promise<Answered> {
  const downloads = await serveDownloads()
  offerRelease(downloads, 'kind', platformOf(en))
  offerRelease(downloads, 'kubectl', platformOf(en))
  const home = temporaryFolder()
  const line = node.map(quote).join(' ')
  const [command = '', ...args] = typed === undefined ? node : ['script', '-qec', line, '/dev/null']
  const child = spawn(command, args, {
    cwd: projectFolder,
    env: { ...process.env, LAB_HOME: home, LAB_MIRROR: downloads.url, SHELL: '/bin/sh', FORCE_COLOR: '0' },
  })
  let output = ''
  const onOutput = (text: Buffer) => {
    const before = output
    output += text
    if (!before.includes('[Y/n]') && output.includes('[Y/n]')) child.stdin.write(typed ?? '')
  }
  child.stdout.on('data', onOutput)
  child.stderr.on('data', onOutput)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  await downloads.close()
  const folder = join(home, 'bin')
  return { code, output, bin: existsSync(folder) ? readdirSync(folder).sort() : [] }
}

test('without a terminal nobody is asked', async () => {
  const { code, output, bin } = await answer(undefined)
  assert.is(code, 0, output)
  assert.match(output, 'offered: false')
  assert.not.match(output, '[Y/n]')
  assert.equal(bin, [])
})

const answers: [title: string, typed: string, offered: boolean][] = [
  ['Enter alone', '\r', true],
  ['y', 'y\r', true],
  ['n', 'n\r', false],
  ['No', 'No\r', false],
  ['the end of the input', '\x04', false],
]
for (const [title, typed, offered] of answers) {
  const name = `${title} means ${offered ? 'yes, and the tools are there' : 'no, and nothing is downloaded'}`
  const body = async () => {
    const { code, output, bin } = await answer(typed)
    assert.is(code, 0, output)
    assert.match(output, `offered: ${offered}`)
    assert.match(output, /kind, kubectl are missing/)
    assert.equal(bin, offered ? ['kind', 'kubectl'] : [])
  }
  if (canMakeTerminal()) test(name, body)
  else test.skip(name, 'there is no script(1) of util-linux here')
}

if (canMakeTerminal())
  test('Ctrl-C at the question ends the script as everywhere', async () => {
    const { code, output, bin } = await answer('\x03')
    assert.is(code, 130, output)
    assert.match(output, /Stopped.*To go on: \.\/scripts\/all\.ts/)
    assert.equal(bin, [])
  })

function canMakeTerminal(): boolean {
  return process.platform === 'linux' && isOnPath('script')
}

test.run()
