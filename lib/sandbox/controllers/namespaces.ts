/** Namespaces: what each new one is given, and how one ends with all that is in it. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'
import { type Context, type Controller, splitKey } from './controller.ts'
import { deleteObject } from './delete.ts'
import { endingConditions } from './namespace-conditions.ts'

const gifts: Readonly<Record<string, string>> = { serviceaccounts: 'default', configmaps: 'kube-root-ca.crt' }

/** rootCertificate: the cluster's own authority, in PEM, which every namespace is told. */
export function namespaceController(rootCertificate: string): Controller {
  return {
    name: 'namespace-controller',
    client: 'kube-controller-manager',
    keys: ({ type, resource, object: { metadata } }, { store }) => {
      if (resource === 'namespaces') return [`/${metadata.name}`]
      const namespace = metadata.namespace ? store.get('namespaces', metadata.namespace) : undefined
      if (!namespace) return []
      // A gift that was deleted or changed is given again; the end of a namespace goes on as its objects go.
      const isGift = gifts[resource] === metadata.name
      const isLeft = type === 'DELETED' && namespace.metadata.deletionTimestamp
      return isGift || isLeft ? [`/${namespace.metadata.name}`] : []
    },
    reconcile: (key, context) => {
      const { name } = splitKey(key)
      const namespace = context.store.get('namespaces', name)
      if (!namespace) return undefined
      const { deletionTimestamp } = namespace.metadata
      if (deletionTimestamp) {
        const left = Date.parse(deletionTimestamp) + context.pace.empty - context.now().getTime()
        if (left > 0) return left
        end(namespace, context)
      } else give(name, rootCertificate, context)
      return undefined
    },
  }
}

function give(namespace: string, rootCertificate: string, { store, write }: Context): void {
  if (!store.get('serviceaccounts', 'default', namespace))
    write.create('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    })
  const wanted = rootCertificateMap(namespace, rootCertificate)
  const current = store.get('configmaps', wanted.metadata.name, namespace)
  if (!current) write.create('configmaps', wanted)
  else if (!isDeepStrictEqual(current.data, wanted.data)) write.update('configmaps', { ...current, data: wanted.data })
}

function rootCertificateMap(namespace: string, rootCertificate: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'kube-root-ca.crt',
      namespace,
      annotations: {
        'kubernetes.io/description':
          'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
      },
    },
    data: { 'ca.crt': rootCertificate },
  }
}

function end(namespace: KubeObject, context: Context): void {
  const { store, write, now } = context
  const { name } = namespace.metadata
  const left: { resource: string; object: KubeObject }[] = []
  for (const resource of store.resources)
    for (const object of store.list(resource, name)) {
      if (!object.metadata.namespace) continue
      deleteObject(resource, object, context)
      const rest = store.get(resource, object.metadata.name, name)
      if (rest) left.push({ resource, object: rest })
    }
  if (left.length === 0) {
    store.remove('namespaces', name)
    return
  }
  const conditions = endingConditions(namespace.status?.conditions ?? [], left, now())
  write.updateStatus('namespaces', { ...namespace, status: { ...namespace.status, conditions } })
}
