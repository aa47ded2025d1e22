import * as assert from 'uvu/assert'
import { type Flags, parseFlags, UsageError } from '../../../lib/sandbox/cli/flags.ts'
import { suite } from '../../support/suite.ts'

const test = suite('flags')

const flags: Flags = {
  name: { type: 'value', short: 'n' },
  set: { type: 'list', short: 's' },
  yes: { type: 'switch', short: 'y' },
  wait: { type: 'value', value: 'duration' },
  verbosity: { type: 'value', short: 'v', value: 'int32' },
}

const read: [args: string[], words: string[], name: string | undefined, set: string[], yes: boolean][] = [
  [[], [], undefined, [], false],
  [['a', 'b'], ['a', 'b'], undefined, [], false],
  [['--name', 'x', 'a'], ['a'], 'x', [], false],
  [['--name=x'], [], 'x', [], false],
  [['--name=-'], [], '-', [], false],
  [['--name', '-'], [], '-', [], false],
  [['--name='], [], '', [], false],
  [['-n', 'x', '-ny'], [], 'y', [], false],
  [['--set', 'a=b', '-s', 'c=d', '-y'], [], undefined, ['a=b', 'c=d'], true],
  [['--yes=false'], [], undefined, [], false],
  [['--yes', 'a'], ['a'], undefined, [], true],
  [['a', '--', '--name'], ['a', '--name'], undefined, [], false],
]
for (const [args, words, name, set, yes] of read)
  test(`${JSON.stringify(args)} is understood`, () => {
    const line = parseFlags(args, flags)
    assert.equal([line.words, line.value('name'), line.values('set'), line.isSet('yes')], [words, name, set, yes])
  })

const refused: [args: string[], message: string][] = [
  [['--nope'], 'unknown flag: --nope'],
  [['--nope=1'], 'unknown flag: --nope'],
  [['-z'], "unknown shorthand flag: 'z' in -z"],
  [['--name'], 'flag needs an argument: --name'],
  [['-n'], "flag needs an argument: 'n' in -n"],
  [
    ['--yes=perhaps'],
    'invalid argument "perhaps" for "-y, --yes" flag: strconv.ParseBool: parsing "perhaps": invalid syntax',
  ],
  [['--wait=long'], 'invalid argument "long" for "--wait" flag: time: invalid duration "long"'],
  [['--wait', '5'], 'invalid argument "5" for "--wait" flag: time: missing unit in duration "5"'],
  [
    ['-v', 'much'],
    'invalid argument "much" for "-v, --verbosity" flag: strconv.ParseInt: parsing "much": invalid syntax',
  ],
]
for (const [args, message] of refused)
  test(`${JSON.stringify(args)} is refused`, () => {
    try {
      parseFlags(args, flags)
      assert.unreachable()
    } catch (error) {
      assert.instance(error, UsageError)
      assert.is((error as Error).message, message)
    }
  })

test.run()
