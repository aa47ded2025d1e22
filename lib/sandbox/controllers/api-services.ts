/** The aggregator's list of what is served: an APIService for each version that a custom resource definition adds. */
import { definitions } from '../kinds/custom.ts'
import type { KubeObject } from '../objects.ts'
import { timestamp } from '../store/store.ts'
import type { Controller } from './controller.ts'

const services = 'apiservices.apiregistration.k8s.io'

/** Keys: `VERSION.GROUP`, which is also the name of the APIService. */
export const apiServiceController: Controller = {
  name: 'api-service-controller',
  client: 'kube-apiserver',
  keys: ({ resource, object }) => (resource === definitions ? namesOf(object) : []),
  reconcile: (name, { store, write, now }) => {
    const isServed = store.list(definitions).some((definition) => namesOf(definition).includes(name))
    const isListed = store.get(services, name) !== undefined
    if (isServed && !isListed) write.updateStatus(services, available(write.create(services, apiService(name)), now()))
    if (!isServed && isListed) store.remove(services, name)
    return undefined
  },
}

interface Version {
  name: string
  served: boolean
}

function namesOf({ spec }: KubeObject): string[] {
  return (spec.versions as Version[]).filter(({ served }) => served).map(({ name }) => `${name}.${spec.group}`)
}

/** With the priorities that kube-apiserver gives to custom resources. */
function apiService(name: string): KubeObject {
  const [version = '', ...group] = name.split('.')
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
    spec: { group: group.join('.'), groupPriorityMinimum: 1000, version, versionPriority: 100 },
  }
}

function available(service: KubeObject, now: Date): KubeObject {
  const condition = {
    lastTransitionTime: timestamp(now),
    message: 'Local APIServices are always available',
    reason: 'Local',
    status: 'True',
    type: 'Available',
  }
  return { ...service, status: { conditions: [condition] } }
}
