/** What each proxy remembers of a destination from one request to the next. */
import type { Cluster } from './clusters.ts'
import { Outliers } from './outliers.ts'
import { Pool } from './pool.ts'

export interface Upstream {
  pool: Pool | undefined
  outliers: Outliers | undefined
}

const none: Upstream = { pool: undefined, outliers: undefined }

export class Upstreams {
  readonly #clients = new Map<string, Map<string, Upstream & { settings: string }>>()

  /** client: uid of the proxy's pod. A destination that is set otherwise begins anew. */
  of(client: string, { name, policy }: Cluster): Upstream {
    const { connectionPool, outlierDetection } = policy
    if (!connectionPool && !outlierDetection) return none
    let upstreams = this.#clients.get(client)
    if (!upstreams) {
      upstreams = new Map()
      this.#clients.set(client, upstreams)
    }
    const settings = JSON.stringify([connectionPool, outlierDetection])
    const known = upstreams.get(name)
    if (known?.settings === settings) return known
    const upstream = {
      settings,
      pool: connectionPool && new Pool(connectionPool),
      outliers: outlierDetection && new Outliers(outlierDetection),
    }
    upstreams.set(name, upstream)
    return upstream
  }

  forget(client: string): void {
    this.#clients.delete(client)
  }
}
