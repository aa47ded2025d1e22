/** outlierDetection: endpoints that failed too often, which a proxy leaves alone for a while. */
import type { Endpoint } from './clusters.ts'
import { parseDuration } from './duration.ts'
import type { OutlierDetection } from './types.ts'

/** Envoy's own, where a rule says nothing. */
const defaults = { consecutive: 5, intervalMs: 10_000, ejectionMs: 30_000, mostMs: 300_000, percent: 10 }

interface Host {
  /** In a row. */
  errors: number
  gatewayErrors: number
  /** How long it is ejected, in base times. */
  factor: number
  /** Milliseconds; undefined while it is not ejected. */
  ejectedAt: number | undefined
  returnedAt: number
}

interface Limits {
  /** Errors in a row that eject; 0: none do. */
  errors: number
  gatewayErrors: number
  intervalMs: number
  ejectionMs: number
  /** Of the endpoints that may be ejected, and of those that must be healthy for that to count. */
  percent: number
  healthy: number
}

export class Outliers {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #start: number
  readonly #hosts = new Map<string, Host>()

  constructor(rule: OutlierDetection, now: () => number = Date.now) {
    this.#limits = {
      errors: rule.consecutive5xxErrors ?? defaults.consecutive,
      gatewayErrors: rule.consecutiveGatewayErrors ?? 0,
      intervalMs: (rule.interval && parseDuration(rule.interval)) || defaults.intervalMs,
      ejectionMs: (rule.baseEjectionTime && parseDuration(rule.baseEjectionTime)) || defaults.ejectionMs,
      percent: rule.maxEjectionPercent || defaults.percent,
      healthy: rule.minHealthPercent ?? 0,
    }
    this.#now = now
    this.#start = now()
  }

  /** Those that may be asked; all of them where too few are left. */
  among(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const left = endpoints.filter((endpoint) => !this.#isEjected(endpoint))
    const isPanic = left.length * 100 < this.#limits.healthy * endpoints.length
    return isPanic ? endpoints : left
  }

  /** Takes note of an answer's status; 503 for a connection that failed, 504 for an answer that came too late. */
  note(endpoint: Endpoint, status: number, endpoints: readonly Endpoint[]): void {
    const host = this.#host(endpoint)
    host.errors = status >= 500 ? host.errors + 1 : 0
    host.gatewayErrors = [502, 503, 504].includes(status) ? host.gatewayErrors + 1 : 0
    const { errors, gatewayErrors } = this.#limits
    const isTooOften =
      (errors > 0 && host.errors >= errors) || (gatewayErrors > 0 && host.gatewayErrors >= gatewayErrors)
    if (isTooOften) this.#eject(host, endpoints)
  }

  #eject(host: Host, endpoints: readonly Endpoint[]): void {
    Object.assign(host, { errors: 0, gatewayErrors: 0 })
    const others = endpoints.filter((endpoint) => this.#isEjected(endpoint)).length
    if (host.ejectedAt !== undefined || (others + 1) * 100 > this.#limits.percent * endpoints.length) return
    const now = this.#now()
    // Each interval without another ejection takes one off.
    const forgiven = Math.floor((now - host.returnedAt) / this.#limits.intervalMs)
    host.factor = Math.max(host.factor - forgiven, 0) + 1
    host.ejectedAt = now
  }

  #isEjected(endpoint: Endpoint): boolean {
    const host = this.#host(endpoint)
    if (host.ejectedAt === undefined) return false
    const { intervalMs, ejectionMs } = this.#limits
    const length = Math.min(ejectionMs * host.factor, Math.max(defaults.mostMs, ejectionMs))
    // Looked at once an interval.
    const ticks = Math.ceil((host.ejectedAt + length - this.#start) / intervalMs)
    const end = this.#start + ticks * intervalMs
    if (this.#now() < end) return true
    Object.assign(host, { ejectedAt: undefined, returnedAt: end })
    return false
  }

  #host({ address, port }: Endpoint): Host {
    const key = `${address}:${port}`
    const known = this.#hosts.get(key)
    if (known) return known
    const host: Host = { errors: 0, gatewayErrors: 0, factor: 0, ejectedAt: undefined, returnedAt: this.#start }
    this.#hosts.set(key, host)
    return host
  }
}
