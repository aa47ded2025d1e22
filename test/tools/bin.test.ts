import { delimiter, join } from 'node:path'
import * as assert from 'uvu/assert'
import { binFolder, envWithTools } from '../../lib/tools/bin.ts'
import { suite } from '../support/suite.ts'

const test = suite('tools: bin')

test('downloaded tools lie in the state folder, and come first on the PATH', () => {
  process.env.LAB_HOME = '/somewhere'
  const env = envWithTools()
  assert.is(binFolder(), join('/somewhere', 'bin'))
  assert.is(env.PATH, `${binFolder()}${delimiter}${process.env.PATH}`)
  assert.is(env.HOME, process.env.HOME)
})

test.run()
