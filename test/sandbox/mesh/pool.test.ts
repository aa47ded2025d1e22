import { deepEqual, equal } from 'node:assert/strict'
import { Pool } from '../../../lib/sandbox/mesh/pool.ts'
import type { ConnectionPool } from '../../../lib/sandbox/mesh/types.ts'
import { suite } from '../../support/suite.ts'

const test = suite('connection pools')

/** How many of so many requests at once may go. */
async function admitted(settings: ConnectionPool, times: number): Promise<number> {
  const pool = new Pool(settings)
  const all = await Promise.all(Array.from({ length: times }, () => pool.enter(0)))
  return all.filter(Boolean).length
}

test('without limits all may go', async () => {
  equal(await admitted({}, 20), 20)
})

test('one that waits for its connection is all that may wait', async () => {
  equal(await admitted({ http: { http1MaxPendingRequests: 1 } }, 20), 1)
})

test('more requests than are allowed at a time are too many, however many connections there are', async () => {
  const pool = new Pool({ http: { http2MaxRequests: 1 } })
  const leave = await pool.enter(0)
  equal(await pool.enter(0.9), undefined)
  leave?.()
  equal(typeof (await pool.enter(0.9)), 'function')
})

test('who waits gets the connection of who leaves, in turn', async () => {
  const pool = new Pool({ tcp: { maxConnections: 1 } })
  const order: number[] = []
  const first = await pool.enter(0)
  const others = [1, 2].map(async (number) => {
    const leave = await pool.enter(0)
    order.push(number)
    leave?.()
  })
  deepEqual(order, [])
  first?.()
  await Promise.all(others)
  deepEqual(order, [1, 2])
})

test('each thread has a connection of its own, whatever the limit', async () => {
  const pool = new Pool({ tcp: { maxConnections: 1 }, http: { http1MaxPendingRequests: 1 } })
  const leaves = [await pool.enter(0), await pool.enter(0.9)]
  equal(leaves.every(Boolean), true)
})

test.run()
