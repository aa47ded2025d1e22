import * as assert from 'uvu/assert'
import { type Command, execute } from '../../../lib/sandbox/cli/commands.ts'
import type { Flags } from '../../../lib/sandbox/cli/flags.ts'
import { suite } from '../../support/suite.ts'

const test = suite('commands')

const shared: Flags = { quiet: { type: 'switch', short: 'q', about: 'say nothing' } }
const ran: string[] = []
const tool: Command = {
  use: 'tool',
  short: 'a tool',
  commands: [
    {
      use: 'make',
      short: 'Makes one of [cake]',
      commands: [
        {
          use: 'cake [place]',
          short: 'Makes a cake',
          long: 'Makes a cake, slowly',
          flags: { name: { type: 'value', short: 'n', about: 'its name' }, cherry: { type: 'switch' } },
          takesWords: true,
          run: (line) => void ran.push(`cake ${line.value('name')} ${line.words}`),
        },
      ],
    },
    { use: 'version', short: 'Prints the version', run: (line) => void ran.push(`version ${line.isSet('quiet')}`) },
  ],
}

const rootHelp = `a tool

Usage:
  tool [command]

Available Commands:
  make        Makes one of [cake]
  version     Prints the version

Flags:
  -h, --help    help for tool
  -q, --quiet   say nothing

Use "tool [command] --help" for more information about a command.`

const makeHelp = `Makes one of [cake]

Usage:
  tool make [flags]
  tool make [command]

Available Commands:
  cake        Makes a cake

Flags:
  -h, --help   help for make

Global Flags:
  -q, --quiet   say nothing

Use "tool make [command] --help" for more information about a command.`

const cakeHelp = `Makes a cake, slowly

Usage:
  tool make cake [place] [flags]

Flags:
      --cherry        
  -h, --help          help for cake
  -n, --name string   its name

Global Flags:
  -q, --quiet   say nothing`

async function outcome(args: readonly string[]): Promise<{ printed: string[]; ran: string[]; error?: string }> {
  const printed: string[] = []
  ran.length = 0
  try {
    await execute(tool, shared, args, (text) => printed.push(text))
    return { printed, ran: [...ran] }
  } catch (error) {
    return { printed, ran: [...ran], error: (error as Error).message }
  }
}

const cases: readonly [args: string, printed: string[], ran: string[], error?: string][] = [
  ['', [rootHelp], []],
  ['help', [rootHelp], []],
  ['nothing', [rootHelp], []],
  ['make', [makeHelp], [], 'Subcommand is required'],
  ['help make', [makeHelp], []],
  ['make --help', [makeHelp], []],
  ['make nothing', [], [], 'unknown command "nothing" for "tool make"'],
  ['make cake -h', [cakeHelp], []],
  ['make cake --name make here', [], ['cake make here']],
  ['-q version', [], ['version true']],
  ['version more', [], [], 'unknown command "more" for "tool version"'],
  ['version --name x', [], [], 'unknown flag: --name'],
]

for (const [args, printed, did, error] of cases)
  test(`tool ${args}`, async () => {
    const found = await outcome(args.split(' ').filter((word) => word !== ''))
    assert.equal(found, { printed, ran: did, ...(error === undefined ? {} : { error }) })
  })

test.run()
