import * as assert from 'uvu/assert'
import { type LabRecord, recordLab } from '../../lib/state.ts'
import { askedFor } from '../../lib/targets/asked.ts'
import { temporaryFolder } from '../support/folder.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: asked')

const record: LabRecord = { target: 'kind', name: 'two', port: 8090, made: {} }

test.before.each(() => {
  process.env.LAB_HOME = temporaryFolder()
})

test('a lab of which nothing is known asks for a cluster that is still to be made', () => {
  const { made, named, ...rest } = askedFor(record)
  assert.equal([made, named], [undefined, false])
  assert.equal(rest, { target: 'kind', name: 'two', port: 8090, portGiven: true, nodeImage: undefined })
})

test('what was made since the record was read is known, and what the user named', () => {
  recordLab({ ...record, made: { cluster: 'begun' } })
  const { made, named, nodeImage } = askedFor({ ...record, named: true, nodeImage: 'kindest/node:v1.28.7' })
  assert.equal([made, named, nodeImage], ['begun', true, 'kindest/node:v1.28.7'])
})

test.run()
