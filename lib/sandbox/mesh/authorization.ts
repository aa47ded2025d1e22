/** AuthorizationPolicy: which requests a proxy lets through to its pod, or to those behind a gateway (security.istio.io, Istio 1.21). */

import { memo } from '../memo.ts'
import type { KubeObject, Labels } from '../objects.ts'
import { isInRange } from '../ranges.ts'
import { hasLabels } from '../selectors.ts'
import { rootNamespace } from './control-plane.ts'
import { type HttpRequest, splitPath } from './http.ts'

export interface AuthorizationPolicy extends KubeObject {
  spec: {
    selector?: { matchLabels?: Labels }
    action?: 'ALLOW' | 'DENY' | 'AUDIT' | 'CUSTOM'
    rules?: readonly Rule[]
  }
}

type Values = readonly string[]
type Conditions = Readonly<Record<string, Values | undefined>>

interface Rule {
  from?: readonly { source?: Conditions }[]
  to?: readonly { operation?: Conditions }[]
  when?: readonly { key: string; values?: Values; notValues?: Values }[]
}

/** Who asks, as the proxy that is asked knows it. */
export interface Source {
  /** `cluster.local/ns/NAMESPACE/sa/ACCOUNT` of a client in the mesh; '' of others. */
  principal: string
  /** Of the connection, and of whom it is said to come from. */
  ip: string
  remoteIp: string
}

export interface Access {
  request: HttpRequest
  source: Source
  /** Of the pod that is asked. */
  destinationIp: string
  port: number
}

type Test = (access: Access) => boolean

export class Authorization {
  readonly #policies: readonly AuthorizationPolicy[]

  constructor(policies: readonly AuthorizationPolicy[]) {
    this.#policies = policies
  }

  /** Envoy's word for what refuses a request to a pod; undefined where it may pass. */
  refusal({ metadata }: KubeObject, access: Access): string | undefined {
    if (this.#policies.length === 0) return undefined
    const own = this.#policies.filter((policy) => isFor(policy, metadata))
    const of = (wanted: string) => own.filter(({ spec }) => (spec.action ?? 'ALLOW') === wanted)
    for (const policy of of('DENY')) {
      const rule = takenBy(policy, access)
      if (rule >= 0) {
        const { namespace, name } = policy.metadata
        return `rbac_access_denied_matched_policy[ns[${namespace}]-policy[${name}]-rule[${rule}]]`
      }
    }
    const allowing = of('ALLOW')
    const isAllowed = allowing.length === 0 || allowing.some((policy) => takenBy(policy, access) >= 0)
    return isAllowed ? undefined : 'rbac_access_denied_matched_policy[none]'
  }
}

function isFor({ metadata, spec }: AuthorizationPolicy, pod: KubeObject['metadata']): boolean {
  if (metadata.namespace !== rootNamespace && metadata.namespace !== pod.namespace) return false
  return hasLabels(pod.labels, spec?.selector?.matchLabels ?? {})
}

const compiled = memo(({ spec }: AuthorizationPolicy) => (spec?.rules ?? []).map(compile))

/** The number of the first rule that takes a request; -1: none. */
function takenBy(policy: AuthorizationPolicy, access: Access): number {
  return compiled(policy).findIndex((test) => test(access))
}

function compile({ from = [], to = [], when = [] }: Rule): Test {
  const any = (tests: readonly Test[]): Test =>
    tests.length === 0 ? always : (access) => tests.some((test) => test(access))
  return all([
    any(from.map(({ source }) => conditions(source, sources))),
    any(to.map(({ operation }) => conditions(operation, operations))),
    ...when.map(({ key, values, notValues }) => {
      const matcher = attributeOf(key)
      return all([values && oneOf(values, matcher), notValues && not(oneOf(notValues, matcher))])
    }),
  ])
}

const always: Test = () => true
const not =
  (test: Test): Test =>
  (access) =>
    !test(access)

function all(tests: readonly (Test | undefined)[]): Test {
  const own = tests.filter((test) => test !== undefined)
  return (access) => own.every((test) => test(access))
}

/** Whether what a request says fits a value of a rule. */
type Matcher = (value: string) => Test

function oneOf(values: Values, matcher: Matcher): Test {
  const tests = values.map(matcher)
  return (access) => tests.some((test) => test(access))
}

/** Fields and their opposites, which begin with `not`. */
function conditions(fields: Conditions = {}, matchers: Readonly<Record<string, Matcher>>): Test {
  return all(
    Object.entries(fields).map(([field, values]) => {
      if (!values?.length) return undefined
      const name = field.replace(/^not(.)/, (_, letter: string) => letter.toLowerCase())
      const test = oneOf(values, matchers[name] ?? never)
      return name === field ? test : not(test)
    }),
  )
}

/** Nobody signs in with a token here. */
const never: Matcher = () => () => false

/** `a*`, `*a`, `*` for anything that is there, or the text itself. */
function text(of: (access: Access) => string | undefined, fold = (value: string) => value): Matcher {
  return (pattern) => {
    const wanted = fold(pattern)
    const fits = (value: string) => {
      if (wanted === '*') return true
      if (wanted.startsWith('*')) return value.endsWith(wanted.slice(1))
      return wanted.endsWith('*') ? value.startsWith(wanted.slice(0, -1)) : value === wanted
    }
    return (access) => {
      const value = of(access)
      return value !== undefined && fits(fold(value))
    }
  }
}

const range =
  (of: (access: Access) => string): Matcher =>
  (block) =>
  (access) =>
    isInRange(of(access), block)

const namespaceOf = ({ source }: Access): string | undefined => /\/ns\/([^/]+)\//.exec(source.principal)?.[1]

const sources: Readonly<Record<string, Matcher>> = {
  principals: text(({ source }) => source.principal || undefined),
  namespaces: text(namespaceOf),
  ipBlocks: range(({ source }) => source.ip),
  remoteIpBlocks: range(({ source }) => source.remoteIp),
}

const operations: Readonly<Record<string, Matcher>> = {
  hosts: text(
    ({ request }) => request.authority,
    (host) => host.toLowerCase(),
  ),
  ports: text(({ port }) => String(port)),
  methods: text(({ request }) => request.method),
  paths: text(({ request }) => splitPath(request.path).pathname),
}

const attributes: Readonly<Record<string, Matcher>> = {
  'source.ip': sources.ipBlocks as Matcher,
  'remote.ip': sources.remoteIpBlocks as Matcher,
  'source.namespace': sources.namespaces as Matcher,
  'source.principal': sources.principals as Matcher,
  'destination.ip': range(({ destinationIp }) => destinationIp),
  'destination.port': operations.ports as Matcher,
}

function attributeOf(key: string): Matcher {
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1]?.toLowerCase()
  if (header === undefined) return attributes[key] ?? never
  return text(({ request }) => request.headers[header])
}
