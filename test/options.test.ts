import { Command } from 'commander'
import * as assert from 'uvu/assert'
import { Failure } from '../lib/failure.ts'
import { checkTarget, duration, langOf, langOfLocale, type Options, parseOptions, parseWith } from '../lib/options.ts'
import { en } from '../lib/words/en.ts'
import { failureOf } from './support/failures.ts'
import { newLab } from './support/lab.ts'
import { suite } from './support/suite.ts'

const test = suite('options')

const parse = (...argv: string[]) => parseOptions('./scripts/01-install.ts', 'A cluster with Istio', argv, en.options)

const durations: [text: string, milliseconds: number][] = [
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['250ms', 250],
  ['45', 45_000],
  ['1.5m', 90_000],
  ['4.1m', 246_000],
  ['2.01s', 2010],
]
for (const [text, milliseconds] of durations)
  test(`${text} is ${milliseconds} ms`, () => {
    assert.is(duration(text), milliseconds)
  })

for (const text of ['', '0', '0s', '-5s', 'soon', '5 m', '5d', '1e3', 'Infinity', 's'])
  test(`"${text}" is no duration`, () => {
    assert.throws(() => duration(text), /like 90s, 5m/)
  })

test('more than a timer can hold is refused', () => {
  assert.throws(() => duration('600h'), /at most 24 days/)
})

test('without options the whole section is run where the last one was', () => {
  const { lang, ...rest } = parse('--lang', 'en') as Options
  assert.is(lang, 'en')
  assert.equal(rest, { list: false, print: false, check: false, prefetch: true, verbose: false, quiet: false })
})

test('every option arrives', () => {
  assert.equal(
    parse(
      ...[
        '--target',
        'kind',
        '--name',
        'two',
        '--port',
        '8090',
        '--node-image',
        'kindest/node:v1.29.2',
        '--lang',
        'ru',
      ],
      ...['--from', 'istio', '--check', '--print', '--list', '--verbose', '--quiet', '--timeout', '5m'],
    ),
    {
      target: 'kind',
      name: 'two',
      port: 8090,
      nodeImage: 'kindest/node:v1.29.2',
      prefetch: true,
      lang: 'ru',
      from: 'istio',
      check: true,
      print: true,
      list: true,
      verbose: true,
      quiet: true,
      timeout: 300_000,
    },
  )
})

const wrong: { argv: string[]; says: RegExp }[] = [
  { argv: ['--chekc'], says: /unknown option '--chekc' \(Did you mean --check\?\)/ },
  { argv: ['--target', 'moon'], says: /'moon' is invalid. Allowed choices are kind, context, sandbox/ },
  { argv: ['--timeout', 'soon'], says: /'soon' is invalid. Give it like 90s, 5m/ },
  { argv: ['--timeout'], says: /argument missing/ },
  { argv: ['--port', '80'], says: /'80' is invalid. Give a port from 1024 to 65172/ },
  { argv: ['--port', '65173'], says: /Give a port from 1024 to 65172/ },
  { argv: ['--port', '8080x'], says: /Give a port/ },
  { argv: ['--name', '../up'], says: /Lowercase letters, digits/ },
  { argv: ['--name', 'Upper'], says: /Lowercase letters, digits/ },
  { argv: ['--lang', 'de'], says: /Allowed choices are en, ru/ },
  { argv: ['istio'], says: /too many arguments/ },
  { argv: ['--from', 'istio', '--only', 'istio'], says: /--from and --only exclude each other/ },
  { argv: ['--target', 'context'], says: /needs the cluster: --context NAME/ },
  { argv: ['--target', 'kind', '--context', 'cloud'], says: /--context and --target kind exclude each other/ },
  { argv: ['--context', 'cloud', '--port', '8090'], says: /--name and --port are for kind and the sandbox/ },
  { argv: ['--context', 'cloud', '--name', 'two'], says: /--name and --port are for kind and the sandbox/ },
]
for (const { argv, says } of wrong)
  test(`${argv.join(' ')} is wrong usage, said in one line`, async () => {
    const failure = await failureOf(() => parse(...argv))
    assert.is(failure.exitCode, 2)
    assert.match(failure.message, says)
    assert.not.match(failure.message, '\n')
  })

test('--context alone means the target context', () => {
  assert.is(parse('--context', 'cloud')?.context, 'cloud')
  checkTarget({ target: 'context', context: 'cloud' }, en.options)
})

test('an error of the program itself is not taken for wrong usage', () => {
  const command = new Command('x').option('--n <n>', 'a number', () => {
    throw new RangeError('a bug')
  })
  try {
    parseWith(command, ['--n', '1'])
    assert.unreachable()
  } catch (error) {
    assert.not(error instanceof Failure)
    assert.is((error as Error).message, 'a bug')
  }
})

const locales: { env: NodeJS.ProcessEnv; lang: string }[] = [
  { env: {}, lang: 'en' },
  { env: { LANG: 'ru_RU.UTF-8' }, lang: 'ru' },
  { env: { LANG: 'en_US.UTF-8' }, lang: 'en' },
  { env: { LANG: 'ru_RU.UTF-8', LC_ALL: 'C' }, lang: 'en' },
  { env: { LANG: 'C', LC_MESSAGES: 'ru_RU' }, lang: 'ru' },
  { env: { LANG: 'rust' }, lang: 'en' },
]
for (const { env, lang } of locales)
  test(`the locale ${JSON.stringify(env)} speaks ${lang}`, () => {
    assert.is(langOfLocale(env), lang)
  })

test('the language is known even where the rest of the line is wrong', () => {
  assert.is(langOf(['--chekc', '--lang', 'ru']), 'ru')
  assert.is(langOf(['--port', '1', '--lang=ru']), 'ru')
  assert.is(langOf(['--lang', 'xx']), langOfLocale(process.env))
})

test('a script says what is wrong once, with the way to its help, and ends with 2', async () => {
  const { code, stdout, stderr } = await newLab().script('01-install.ts', '--chekc')
  assert.is(code, 2)
  assert.is(stdout, '')
  assert.is(stderr.trim().split('\n').length, 2, stderr)
  assert.match(stderr, "✘ unknown option '--chekc' (Did you mean --check?)")
  assert.match(stderr, '--help')
})

test('--help lists every option and ends well', async () => {
  const { code, stdout } = await newLab().script('03-version-route.ts', '--help')
  assert.is(code, 0)
  for (const option of [
    'list',
    'from',
    'only',
    'target',
    'context',
    'name',
    'port',
    'node-image',
    'lang',
    'print',
    'check',
    'verbose',
    'quiet',
    'timeout',
  ])
    assert.match(stdout, `--${option}`)
})

const helped = ['01-install.ts', 'all.ts', 'clean-up.ts', 'doctor.ts', 'sandbox.ts']
for (const script of helped)
  test(`--help of ${script} speaks Russian where the locale does`, async () => {
    const { code, stdout } = await newLab({ env: { LANG: 'ru_RU.UTF-8', LC_ALL: '' } }).script(script, '--help')
    assert.is(code, 0)
    const [usage = '', ...lines] = stdout.split('\n')
    assert.match(usage, 'Запуск:')
    for (const line of lines.filter((each) => each.startsWith('  '))) assert.match(line, /^ {3}|[а-я]/)
    assert.match(stdout, 'Параметры:')
  })

test.run()
