/** What istiod has told the proxies: all that is there while one of its pods is ready, and after that what was there last. */
import { isActive, isReady } from '../controllers/pods/pod.ts'
import type { KubeObject } from '../objects.ts'
import { hasLabels } from '../selectors.ts'
import { Store, type StoreEvent } from '../store/store.ts'

/** Where istiod runs, and where rules for the whole mesh stand. */
export const rootNamespace = 'istio-system'

export class ControlPlane {
  readonly #world: Store
  readonly #istiods = new Set<string>()
  #told: Store
  #hasMissed = false

  /** Proxies begin with all that is there: who told them before the sandbox's process began is not known. */
  constructor(world: Store) {
    this.#world = world
    this.#told = copyOf(world)
    for (const pod of world.list('pods', rootNamespace)) if (isWorking(pod)) this.#istiods.add(pod.metadata.name)
  }

  /** Objects as the proxies know them. */
  get told(): Store {
    return this.#told
  }

  /** Takes note of a change that the world's store has already. Whether the proxies are told of others with it. */
  take(event: StoreEvent): boolean {
    this.#look(event)
    const isAway = this.#istiods.size === 0
    const isBack = this.#hasMissed && !isAway
    if (isBack) this.#told = copyOf(this.#world)
    else if (!isAway) this.#told.restore(event)
    this.#hasMissed = isAway
    return isBack
  }

  #look({ type, resource, object }: StoreEvent): void {
    if (resource !== 'pods' || object.metadata.namespace !== rootNamespace) return
    const { name } = object.metadata
    if (type !== 'DELETED' && isWorking(object)) this.#istiods.add(name)
    else this.#istiods.delete(name)
  }
}

function isWorking(pod: KubeObject): boolean {
  return hasLabels(pod.metadata.labels, { istio: 'pilot' }) && isReady(pod) && isActive(pod)
}

function copyOf(world: Store): Store {
  const copy = new Store()
  for (const resource of world.resources)
    for (const object of world.list(resource)) copy.restore({ type: 'ADDED', resource, object, revision: 0 })
  return copy
}
