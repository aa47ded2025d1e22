/** connectionPool: how many requests a proxy has under way to a destination, and how many wait for their turn. */
import { pause } from './time.ts'
import type { ConnectionPool } from './types.ts'

/** Threads of a proxy, by the limit that Istio gives it of 2 CPUs. Each has connections of its own. */
const WORKERS = 2
/** Until a connection is there; meanwhile its request waits. */
const CONNECT_MS = 1

interface Worker {
  /** Connections in use, and those that are kept. */
  active: number
  idle: number
  waiting: (() => void)[]
}

interface Limits {
  connections: number
  pending: number
  requests: number
  /** Of a connection; then it is closed. */
  uses: number
}

const unlimited = (limit: number | undefined) => limit || Number.POSITIVE_INFINITY

export class Pool {
  readonly #limits: Limits
  readonly #workers: readonly Worker[] = Array.from({ length: WORKERS }, () => ({ active: 0, idle: 0, waiting: [] }))
  #pending = 0

  constructor({ tcp, http }: ConnectionPool) {
    this.#limits = {
      connections: unlimited(tcp?.maxConnections),
      pending: unlimited(http?.http1MaxPendingRequests),
      requests: unlimited(http?.http2MaxRequests),
      uses: unlimited(http?.maxRequestsPerConnection),
    }
  }

  /**
   * Settles when the request may go, with what to call when it is over; with undefined where it is one too many.
   * draw: from 0 up to, not with, 1; the thread that has the client's connection.
   */
  async enter(draw: number): Promise<(() => void) | undefined> {
    const worker = this.#workers[Math.floor(draw * WORKERS)] as Worker
    if (this.#sum(({ active }) => active) >= this.#limits.requests) return undefined
    if (worker.idle > 0) {
      worker.idle--
      worker.active++
    } else {
      if (this.#pending >= this.#limits.pending) return undefined
      this.#pending++
      await this.#connection(worker)
      this.#pending--
    }
    return () => this.#leave(worker)
  }

  /** A thread without a connection gets one whatever the limit is. */
  async #connection(worker: Worker): Promise<void> {
    const isFull = this.#sum(({ active, idle }) => active + idle) >= this.#limits.connections
    if (isFull && worker.active > 0) return new Promise((resolve) => worker.waiting.push(resolve))
    worker.active++
    return pause(CONNECT_MS)
  }

  /** Hands the connection on to who waits longest. */
  #leave(worker: Worker): void {
    const next = worker.waiting.shift()
    if (next) next()
    else {
      worker.active--
      if (this.#limits.uses > 1) worker.idle++
    }
  }

  #sum(of: (worker: Worker) => number): number {
    return this.#workers.reduce((sum, worker) => sum + of(worker), 0)
  }
}
