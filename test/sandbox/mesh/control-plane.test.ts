import { deepEqual, equal } from 'node:assert/strict'
import { ControlPlane } from '../../../lib/sandbox/mesh/control-plane.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'
import { apply, istiod, remove, virtualService } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('what istiod tells the proxies')

/** A world with rule `a`, and whether each change was more than itself to the proxies. */
function world({ ready = true } = {}) {
  const store = new Store()
  const tellings: boolean[] = []
  apply(store, istiod({ ready }))
  apply(store, virtualService('a', {}))
  const controlPlane = new ControlPlane(store)
  store.watch((event) => tellings.push(controlPlane.take(event)))
  const told = () => controlPlane.told.list('virtualservices.networking.istio.io').map(({ metadata }) => metadata.name)
  return { store, told, tellings }
}

test('all that changes while it is there', () => {
  const { store, told, tellings } = world()
  apply(store, virtualService('b', {}))
  remove(store, 'VirtualService', 'a')
  deepEqual([told(), tellings], [['b'], [false, false]])
})

test('what they begin with, also where it is away', () => {
  deepEqual(world({ ready: false }).told(), ['a'])
})

test('nothing while it is away, and then everything at once', () => {
  const { store, told, tellings } = world()
  apply(store, istiod({ ready: false }))
  remove(store, 'VirtualService', 'a')
  apply(store, virtualService('b', {}))
  deepEqual(told(), ['a'])
  apply(store, istiod())
  deepEqual([told(), tellings.at(-1)], [['b'], true])
  apply(store, virtualService('c', {}))
  deepEqual([told(), tellings.at(-1)], [['b', 'c'], false])
})

const goings: readonly [string, (store: Store) => void][] = [
  ['is removed', (store) => remove(store, 'Pod', istiod().metadata.name, 'istio-system')],
  [
    'is asked to end',
    (store) =>
      apply(store, { ...istiod(), metadata: { ...istiod().metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }),
  ],
]
for (const [what, go] of goings)
  test(`nothing more once it ${what}, unless another is there`, () => {
    const { store, told } = world()
    const other = { ...istiod(), metadata: { ...istiod().metadata, name: 'istiod-8474dd8856-other' } }
    apply(store, other)
    go(store)
    apply(store, virtualService('b', {}))
    equal(told().length, 2)
    remove(store, 'Pod', other.metadata.name, 'istio-system')
    apply(store, virtualService('c', {}))
    equal(told().length, 2)
  })

test.run()
