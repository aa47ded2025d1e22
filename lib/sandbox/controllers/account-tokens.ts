/** Secrets in which the token of a service account stays, filled as soon as they name one. */
import type { KubeObject } from '../objects.ts'
import { type Controller, keyOf, splitKey } from './controller.ts'
import { deleteObject } from './delete.ts'

const TYPE = 'kubernetes.io/service-account-token'
const nameOf = ({ metadata }: KubeObject) => metadata.annotations?.['kubernetes.io/service-account.name']
const UID = 'kubernetes.io/service-account.uid'

/** Makes the token of an account for a secret of this name. */
export type IssueToken = (account: KubeObject, secret: string) => string

/** @param authority the cluster's own, in PEM */
export function accountTokens(issue: IssueToken, authority: string): Controller {
  return {
    name: 'tokens-controller',
    client: 'kube-controller-manager',
    keys: ({ resource, object }, { store }) => {
      if (resource === 'secrets') return object.type === TYPE ? [keyOf(object)] : []
      if (resource !== 'serviceaccounts') return []
      const { name, namespace } = object.metadata
      return store
        .list('secrets', namespace)
        .filter((secret) => secret.type === TYPE && nameOf(secret) === name)
        .map(keyOf)
    },
    reconcile: (key, context) => {
      const { namespace, name } = splitKey(key)
      const secret = context.store.get('secrets', name, namespace)
      if (!secret) return undefined
      const account = context.store.get('serviceaccounts', nameOf(secret) ?? '', namespace)
      const uid = account?.metadata.uid
      const isOfAnother = secret.metadata.annotations?.[UID] !== undefined && secret.metadata.annotations[UID] !== uid
      if (!account || isOfAnother) deleteObject('secrets', secret, context)
      else context.write.update('secrets', filled(secret, account))
      return undefined
    },
  }

  function filled(secret: KubeObject, account: KubeObject): KubeObject {
    const { metadata, data = {} } = secret
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    return {
      ...secret,
      metadata: { ...metadata, annotations: { ...metadata.annotations, [UID]: account.metadata.uid as string } },
      data: {
        'ca.crt': base64(authority),
        namespace: base64(metadata.namespace as string),
        token: base64(issue(account, metadata.name)),
        ...data,
      },
    }
  }
}
