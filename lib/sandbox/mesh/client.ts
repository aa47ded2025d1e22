/** Who sends a request through a proxy. */
import type { KubeObject } from '../objects.ts'
import type { KeyedProxy } from './virtual-hosts.ts'

/** Whose proxy it is. */
export interface Client {
  pod: KubeObject
  proxy: KeyedProxy
}
