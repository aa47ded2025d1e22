/** The lesson's objects with something wrong in them, for what looks for causes. */
import * as assert from 'uvu/assert'
import type { WantedRule } from '../../lib/causes/state.ts'
import { routeCauses } from '../../lib/diagnose.ts'
import type { Item } from '../../lib/kube.ts'
import { en } from '../../lib/words/en.ts'
import { kubeOf } from './kube.ts'
import { bookinfo, reviewsRoute, subsetRules, to } from './objects.ts'
import type { Suite } from './suite.ts'

export const toV1: WantedRule[] = [{ subset: 'v1' }]
export const jasonToV2: WantedRule[] = [{ user: 'jason', subset: 'v2' }, { subset: 'v1' }]

const usual = () => [...bookinfo(), ...subsetRules, reviewsRoute(to('v1'))]

/** The lesson's objects, but for those that take another's place. */
export function cluster(...changed: Item[]): Item[] {
  const same = (a: Item, b: Item) =>
    a.kind === b.kind && a.metadata?.name === b.metadata?.name && a.metadata?.namespace === b.metadata?.namespace
  return [...usual().filter((item) => !changed.some((other) => same(item, other))), ...changed]
}

export const without = (kind: string, name: string) =>
  usual().filter((item) => item.kind !== kind || item.metadata?.name !== name)

/** The lesson's objects, one of them changed in place. */
export function altered(kind: string, name: string, change: (item: Item) => void): Item[] {
  const objects = structuredClone(usual())
  for (const item of objects) if (item.kind === kind && item.metadata?.name === name) change(item)
  return objects
}

export const podOf = (deployment: string) => `${deployment}-5b5d6494f4-x7k2p`

/** An object in another namespace. */
export const of = (namespace: string, item: Item): Item => ({ ...item, metadata: { ...item.metadata, namespace } })

/** What is wrong, in which objects, and all that is told of it. */
export interface CauseCase {
  title: string
  objects: Item[]
  wanted?: WantedRule[]
  why: string[]
}

/** One test for each: it is told, and nothing else is. */
export function tellsCauses(test: Suite, cases: readonly CauseCase[]): void {
  for (const { title, objects, wanted = toV1, why } of cases)
    test(`names ${title}`, async () => {
      assert.equal((await routeCauses(kubeOf(...objects), en, wanted)).why, why)
    })
}
