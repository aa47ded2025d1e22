/** Who sends a request through a proxy. */
import type { KubeObject } from '../objects.ts'
import type { KeyedProxy } from './virtual-hosts.ts'

/** Whose proxy it is. */
export interface Client {
  pod: KubeObject
  proxy: KeyedProxy
  /** Where the connection was going that it took; undefined where that is itself. */
  destination?: string
}
