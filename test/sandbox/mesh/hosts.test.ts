import { deepEqual, equal } from 'node:assert/strict'
import { candidates, fullHost, intersect, resolveService } from '../../../lib/sandbox/mesh/hosts.ts'
import { suite } from '../../support/suite.ts'

const test = suite('hosts')

const full: readonly [string, string][] = [
  ['reviews', 'reviews.shop.svc.cluster.local'],
  ['reviews.other', 'reviews.other'],
  ['*', '*'],
  ['*.example.com', '*.example.com'],
]

for (const [host, expected] of full)
  test(`${host} in namespace shop is ${expected}`, () => {
    equal(fullHost(host, 'shop'), expected)
  })

const services: readonly [string, string | undefined][] = [
  ['reviews', 'shop/reviews'],
  ['reviews.other', 'other/reviews'],
  ['reviews.other.svc', 'other/reviews'],
  ['reviews.other.svc.cluster.local', 'other/reviews'],
  ['reviews.other.svc.cluster.local.', 'other/reviews'],
  ['www.example.com', undefined],
]

for (const [host, expected] of services)
  test(`a pod of namespace shop reaches ${expected ?? 'no Service'} as ${host}`, () => {
    const found = resolveService(host, 'shop')
    equal(found && `${found.namespace}/${found.name}`, expected)
  })

test('patterns come longest first, whether they begin at a dot or not', () => {
  deepEqual(candidates('A1.c'), ['a1.c', '*1.c', '*.c', '*c', '*'])
  deepEqual(candidates(''), ['', '*'])
})

test('a wildcard stands for something', () => {
  deepEqual(candidates('.c'), ['.c', '*c', '*'])
})

test('what is too long for a name has no patterns of its own', () => {
  deepEqual(candidates('a.'.repeat(30_000)), ['*'])
})

const common: readonly [string, string, string | undefined][] = [
  ['*', 'a.b', 'a.b'],
  ['a.b', '*', 'a.b'],
  ['*.b', 'a.b', 'a.b'],
  ['*.b', '*.a.b', '*.a.b'],
  ['*.b', 'b', undefined],
  ['a.b', 'c.b', undefined],
]

for (const [one, other, expected] of common)
  test(`${one} and ${other} have ${expected ?? 'nothing'} in common`, () => {
    equal(intersect(one, other), expected)
  })

test.run()
