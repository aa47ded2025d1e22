import * as assert from 'uvu/assert'
import type { Version, Visit, Visitor } from '../lib/page.ts'
import { starsOf } from '../lib/page.ts'
import {
  ALL_THREE_VISITS,
  ARRIVAL_VISITS,
  agrees,
  arrived,
  describeSeen,
  type Expectation,
  SAMPLE_VISITS,
  sample,
} from '../lib/sample.ts'
import { en } from '../lib/words/en.ts'
import { seeded } from './support/random.ts'
import { suite } from './support/suite.ts'

const test = suite('sample')

const anonymous: Visitor = { name: 'anonymous' }
const jason: Visitor = { name: 'jason', signIn: 'jason' }
const onlyV1: Expectation[] = [{ visitor: anonymous, version: 'v1' }]

const seeing = (version: Version): Visit => ({ pod: `reviews-${version}-a-b`, version, stars: starsOf[version] })

/** Visits that see another version with this chance. */
function split(chance: number, random: () => number): () => Promise<Visit> {
  return async () => seeing(random() < chance ? 'v3' : 'v1')
}

/** Of so many verdicts, how many pass. */
async function passing(verdicts: number, chance: number): Promise<number> {
  const random = seeded(20240310)
  let passed = 0
  for (let i = 0; i < verdicts; i++)
    if (agrees(await sample([anonymous], SAMPLE_VISITS, split(chance, random), en), onlyV1)) passed++
  return passed
}

test('a rule that sends 10 % elsewhere passes less than once in 100', async () => {
  assert.ok((await passing(2000, 0.1)) < 20)
})

test('a rule that sends half elsewhere never passes', async () => {
  assert.is(await passing(2000, 0.5), 0)
})

test('a rule that sends everyone where it should always passes', async () => {
  assert.is(await passing(100, 0), 100)
})

test('an even spread fails to show all three versions less than once in 10,000', async () => {
  const random = seeded(7)
  const versions: Version[] = ['v1', 'v2', 'v3']
  let missed = 0
  for (let i = 0; i < 5000; i++) {
    const visiting = async () => seeing(versions[Math.floor(random() * 3)] ?? 'v1')
    const tally = await sample([anonymous], ALL_THREE_VISITS, visiting, en)
    if (tally.get('anonymous')?.size !== 3) missed++
  }
  assert.ok(missed <= 1, `${missed} of 5000 missed a version`)
})

test('every visitor visits the same number of times, in turn', async () => {
  const order: string[] = []
  const visiting = async ({ name }: Visitor) => {
    order.push(name)
    return seeing('v1')
  }
  const tally = await sample([anonymous, jason], 50, visiting, en)
  assert.equal(
    [...tally.values()].map((seen) => seen.get('v1')),
    [50, 50],
  )
  assert.equal(order.slice(0, 4), ['anonymous', 'jason', 'anonymous', 'jason'])
})

test('one visit that disagrees is enough to fail', async () => {
  for (const wrong of [1, 25, 50]) {
    let number = 0
    const tally = await sample([anonymous], 50, async () => seeing(++number === wrong ? 'v2' : 'v1'), en)
    assert.not(agrees(tally, onlyV1), `visit ${wrong}`)
    assert.is(describeSeen(tally.get('anonymous') ?? new Map()), 'v1 x49, v2 x1')
  }
})

test('a visitor who never came agrees with nothing', () => {
  assert.not(agrees(new Map(), onlyV1))
  assert.not(agrees(new Map([['anonymous', new Map()]]), onlyV1))
})

test('a change has arrived when ten visits of everybody in a row agree', async () => {
  let visits = 0
  const visiting = async ({ name }: Visitor) => {
    visits++
    return seeing(name === 'jason' ? 'v2' : 'v1')
  }
  assert.ok(await arrived([...onlyV1, { visitor: jason, version: 'v2' }], visiting))
  assert.is(visits, 2 * ARRIVAL_VISITS)
})

test('a change that flaps has not arrived, however late it flaps', async () => {
  for (const wrong of [1, 5, 10]) {
    let number = 0
    const visiting = async () => seeing(++number === wrong ? 'v3' : 'v1')
    assert.not(await arrived(onlyV1, visiting), `visit ${wrong}`)
    assert.is(number, wrong, 'it does not go on once it knows')
  }
})

test('what was seen is told in order of the versions', () => {
  assert.is(
    describeSeen(
      new Map([
        ['v3', 6],
        ['v1', 4],
      ]),
    ),
    'v1 x4, v3 x6',
  )
})

test.run()
