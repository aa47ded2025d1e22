/** What a cluster keeps of how its nodes join: kubeadm's token, what it signs, and what the kubelet was granted. */
import { createHmac } from 'node:crypto'
import { randomSuffix } from '../names.ts'
import type { KubeObject } from '../objects.ts'
import { timestamp } from '../store/store.ts'
import type { ClusterSettings } from './settings.ts'

/** The token of every cluster that kind makes (pkg/cluster/internal/kubeadm); nobody signs in with it here. */
const token = { id: 'abcdef', secret: '0123456789abcdef' }
const TOKEN_LIVES_MS = 24 * 3_600_000

const base64 = (text: string) => Buffer.from(text).toString('base64')
const base64Url = (text: string) => Buffer.from(text).toString('base64url')

export function bootstrapToken(now: Date): KubeObject {
  const data = {
    'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    expiration: timestamp(new Date(now.getTime() + TOKEN_LIVES_MS)),
    'token-id': token.id,
    'token-secret': token.secret,
    'usage-bootstrap-authentication': 'true',
    'usage-bootstrap-signing': 'true',
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${token.id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([name, text]) => [name, base64(text)])),
  }
}

/** Where the cluster is and whom to trust, for nodes that know nothing but the token. */
export function clusterInfo({ metadata }: KubeObject, { certificates }: ClusterSettings): KubeObject {
  const kubeconfig = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${base64(certificates.authority)}
    server: https://${metadata.name}:6443
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cluster-info', namespace: 'kube-public' },
    data: { kubeconfig, [`jws-kubeconfig-${token.id}`]: signature(kubeconfig) },
  }
}

/** A JSON web signature that leaves out what it signs. */
function signature(content: string): string {
  const header = base64Url(JSON.stringify({ alg: 'HS256', kid: token.id }))
  const signed = createHmac('sha256', token.secret)
    .update(`${header}.${base64Url(content)}`)
    .digest('base64url')
  return `${header}..${signed}`
}

/** The kubelet's own, which the controller manager has approved and signed. */
export function signingRequest({ metadata }: KubeObject, { certificates }: ClusterSettings, now: Date): KubeObject {
  const time = timestamp(now)
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: `csr-${randomSuffix()}`, generateName: 'csr-' },
    spec: {
      request: base64(certificates.kubelet.request),
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['digital signature', 'client auth'],
      username: `system:node:${metadata.name}`,
      groups: ['system:nodes', 'system:authenticated'],
    },
    status: {
      certificate: base64(certificates.kubelet.certificate),
      conditions: [
        {
          type: 'Approved',
          status: 'True',
          reason: 'AutoApproved',
          message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
          lastUpdateTime: time,
          lastTransitionTime: time,
        },
      ],
    },
  }
}
