/** What istiod writes into the cluster once it runs: its authority in every namespace, its locks, its webhooks' trust. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../objects.ts'
import { hasLabels } from '../selectors.ts'
import { microTimestamp, timestamp } from '../store/store.ts'
import type { Context, Controller } from './controller.ts'
import { isReady } from './pods/pod.ts'

const system = 'istio-system'
const rootCertificateName = 'istio-ca-root-cert'
/** inject.IgnoredNamespaces of Istio 1.21, without kube-system, whose pods may belong to the mesh. */
const ignored: readonly string[] = ['kube-public', 'kube-node-lease', 'local-path-storage']
const locks = ['istio-gateway-status-leader', 'istio-leader', 'istio-namespace-controller-election']
const configurations = {
  mutating: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  validating: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
}

/** rootCertificate: the mesh's own authority, in PEM. */
export function istiodController(rootCertificate: string): Controller {
  return {
    name: 'istiod',
    client: 'pilot-discovery',
    keys: ({ type, resource, object }) => {
      const isOwn = resource === 'pods' && object.metadata.namespace === system
      const isNamespace = resource === 'namespaces' && type === 'ADDED'
      const isRoot = resource === 'configmaps' && object.metadata.name === rootCertificateName
      const isWebhook = Object.values(configurations).includes(resource) && type === 'ADDED'
      return isOwn || isNamespace || isRoot || isWebhook ? [''] : []
    },
    reconcile: (_key, context) => {
      const pod = runningIstiod(context)
      if (pod) keep(pod, rootCertificate, context)
      return undefined
    },
  }
}

function runningIstiod({ store }: Context): KubeObject | undefined {
  return store.list('pods', system).find((pod) => hasLabels(pod.metadata.labels, { istio: 'pilot' }) && isReady(pod))
}

function keep(pod: KubeObject, rootCertificate: string, context: Context): void {
  const { store } = context
  for (const { metadata } of store.list('namespaces')) {
    if (metadata.deletionTimestamp || ignored.includes(metadata.name)) continue
    keepRootCertificate(rootCertificateMap(metadata.name, rootCertificate), context)
  }
  createOnce('secrets', authoritySecret(rootCertificate), context)
  for (const name of locks) createOnce('configmaps', electionLock(name, pod, context.now()), context)
  createOnce('leases.coordination.k8s.io', gatewayLease(pod, context.now()), context)
  for (const resource of Object.values(configurations))
    for (const configuration of store.list(resource)) trust(resource, configuration, rootCertificate, context)
}

function createOnce(resource: string, object: KubeObject, { store, write }: Context): void {
  const { name, namespace } = object.metadata
  if (!store.get(resource, name, namespace)) write.create(resource, object)
}

/** Whatever else somebody writes beside it stays. */
function keepRootCertificate(wanted: KubeObject, context: Context): void {
  const { name, namespace } = wanted.metadata
  const current = context.store.get('configmaps', name, namespace)
  if (!current) createOnce('configmaps', wanted, context)
  else context.write.update('configmaps', { ...current, data: { ...current.data, ...wanted.data } })
}

function rootCertificateMap(namespace: string, rootCertificate: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: rootCertificateName, namespace, labels: { 'istio.io/config': 'true' } },
    data: { 'root-cert.pem': rootCertificate },
  }
}

/** No key in it: nothing here signs. */
function authoritySecret(rootCertificate: string): KubeObject {
  const certificate = Buffer.from(rootCertificate).toString('base64')
  const data = {
    'ca-cert.pem': certificate,
    'ca-key.pem': '',
    'cert-chain.pem': '',
    'key.pem': '',
    'root-cert.pem': certificate,
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'istio-ca-secret', namespace: system },
    data,
    type: 'istio.io/ca-root',
  }
}

function electionLock(name: string, pod: KubeObject, now: Date): KubeObject {
  const record = {
    holderIdentity: pod.metadata.name,
    holderKey: 'default',
    leaseDurationSeconds: 30,
    acquireTime: timestamp(now),
    renewTime: timestamp(now),
    leaderTransitions: 0,
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: system,
      annotations: { 'control-plane.alpha.kubernetes.io/leader': JSON.stringify(record) },
    },
  }
}

function gatewayLease(pod: KubeObject, now: Date): KubeObject {
  const time = microTimestamp(now)
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'istio-gateway-deployment-default', namespace: system },
    spec: {
      acquireTime: time,
      holderIdentity: pod.metadata.name,
      leaseDurationSeconds: 30,
      leaseTransitions: 0,
      renewTime: time,
    },
  }
}

/** Istiod puts its certificate into the webhooks that name it; from then on the API server may call them. */
function trust(resource: string, configuration: KubeObject, rootCertificate: string, { write }: Context): void {
  const caBundle = Buffer.from(rootCertificate).toString('base64')
  // biome-ignore lint/suspicious/noExplicitAny: a webhook is known by the schema
  const webhooks = (configuration.webhooks ?? []).map((webhook: any) =>
    webhook.clientConfig?.service?.name !== 'istiod' || webhook.clientConfig.caBundle === caBundle
      ? webhook
      : {
          ...webhook,
          clientConfig: { ...webhook.clientConfig, caBundle },
          // Not before it can answer does a validating webhook refuse what it cannot see.
          ...(resource === configurations.validating ? { failurePolicy: 'Fail' } : {}),
        },
  )
  if (isDeepStrictEqual(webhooks, configuration.webhooks ?? [])) return
  const generation = (configuration.metadata.generation ?? 1) + 1
  write.update(resource, { ...configuration, metadata: { ...configuration.metadata, generation }, webhooks })
}
