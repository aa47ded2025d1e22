import { deepEqual, equal } from 'node:assert/strict'
import { follow } from '../../../lib/sandbox/mesh/replica.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { apply, pod, virtualService } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what the proxies know')
const rules = 'virtualservices.networking.istio.io'

test('all that is there when they begin', () => {
  const store = new Store()
  apply(store, virtualService('a', {}))
  equal(follow(store, 0, () => {}).store.list(rules).length, 1)
})

test('a change at once where there is no delay', () => {
  const store = new Store()
  const seen: string[] = []
  const replica = follow(store, 0, ({ type, object }) => seen.push(`${type} ${object.metadata.name}`))
  apply(store, virtualService('a', {}))
  apply(store, virtualService('a', { hosts: ['b'] }))
  deepEqual(seen, ['ADDED a', 'MODIFIED a'])
  deepEqual(replica.store.get(rules, 'a', 'default')?.spec, { hosts: ['b'] })
})

test('with a delay not before it, and in order', async () => {
  const store = new Store()
  const seen: string[] = []
  const replica = await new Promise<ReturnType<typeof follow>>((resolve) => {
    const replica = follow(store, 20, ({ object }) => {
      seen.push(object.metadata.name)
      if (seen.length === 3) resolve(replica)
    })
    for (const name of ['a', 'b', 'c']) apply(store, virtualService(name, {}))
    deepEqual([seen, replica.store.list(rules)], [[], []])
    // The proxies' timers alone keep no process alive.
    const wait = setInterval(() => seen.length === 3 && clearInterval(wait), 5)
  })
  deepEqual(seen, ['a', 'b', 'c'])
  equal(replica.store.list(rules).length, 3)
})

test('nothing after they are closed, and nothing that routing does not depend on', () => {
  const store = new Store()
  const seen: string[] = []
  const replica = follow(store, 0, ({ resource }) => seen.push(resource))
  store.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } })
  apply(store, pod({ name: 'a' }))
  replica.close()
  apply(store, pod({ name: 'b' }))
  deepEqual(seen, ['pods'])
})

test.run()
