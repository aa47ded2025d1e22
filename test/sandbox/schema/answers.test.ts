import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { stories } from './cases.ts'
import { comparable } from './comparable.ts'
import { replay } from './replay.ts'
import type { Answer } from './request.ts'

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/golden/schema-answers.json', import.meta.url), 'utf8'),
) as Record<string, Answer[]>

const test = suite('answers of a real server')

for (const [name, story] of Object.entries(stories))
  test(name, () => {
    assert.equal(replay(story).map(comparable), recorded[name]?.map(comparable))
  })

test.run()
