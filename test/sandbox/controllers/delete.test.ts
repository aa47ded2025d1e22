import * as assert from 'uvu/assert'
import { podGrace } from '../../../lib/sandbox/controllers/delete.ts'
import { suite } from '../../support/suite.ts'
import { pod } from './cluster.ts'

const test = suite('deletion')

const running = { phase: 'Running' }
const graces: readonly [title: string, spec: object, status: object, asked: number | undefined, seconds: number][] = [
  ['names no time', { nodeName: 'node' }, running, undefined, 30],
  ['names one', { nodeName: 'node', terminationGracePeriodSeconds: 5 }, running, undefined, 5],
  ['names none at all', { nodeName: 'node', terminationGracePeriodSeconds: 0 }, running, undefined, 0],
  ['is asked for another', { nodeName: 'node', terminationGracePeriodSeconds: 5 }, running, 7, 7],
  ['has no node yet', {}, { phase: 'Pending' }, 7, 0],
  ['has succeeded', { nodeName: 'node' }, { phase: 'Succeeded' }, undefined, 0],
  ['has failed', { nodeName: 'node' }, { phase: 'Failed' }, 7, 0],
]
for (const [title, spec, status, asked, seconds] of graces)
  test(`a pod that ${title} has ${seconds} s to end`, () => {
    assert.is(podGrace({ ...pod('web', spec), status }, asked), seconds)
  })

test.run()
