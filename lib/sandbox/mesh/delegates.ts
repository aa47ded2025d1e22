/** Rules that hand over to another VirtualService, put together with the rules of that one as istiod does. */
import { fullHost } from './hosts.ts'
import { gatewayName } from './match.ts'
import type { Destination, HTTPMatchRequest, HTTPRoute, StringMatch, VirtualService } from './types.ts'

export type FindVirtualService = (name: string, namespace: string) => VirtualService | undefined

/** A rule, and the namespace whose short names it uses. */
export interface PlacedRule {
  rule: HTTPRoute
  namespace: string
}

/** The rules of a VirtualService, those of others in place of what hands over to them. */
export function rulesOf({ metadata, spec }: VirtualService, find: FindVirtualService): PlacedRule[] {
  const { namespace = 'default' } = metadata
  return (spec.http ?? []).flatMap((rule) => {
    if (!rule.delegate) return { rule, namespace }
    const { name = '', namespace: other = '' } = rule.delegate
    const delegate = find(name, other || namespace)
    if (!delegate || !isDelegateFor(delegate, namespace)) return []
    const root = inFull(rule, namespace)
    return (delegate.spec.http ?? []).flatMap((own) => {
      const merged = merge(root, inFull(own, other || namespace))
      return merged ? { rule: merged, namespace: other || namespace } : []
    })
  })
}

/** One without hosts, which the namespace may see. */
function isDelegateFor({ metadata, spec }: VirtualService, namespace: string): boolean {
  if (spec.hosts?.length) return false
  const exportTo = (spec.exportTo?.length ? spec.exportTo : ['*']).map((to) => (to === '.' ? metadata.namespace : to))
  return exportTo.includes('*') || exportTo.includes(namespace)
}

/** Names as they are meant in the rule's own namespace. */
function inFull(rule: HTTPRoute, namespace: string): HTTPRoute {
  const full = (destination: Destination) => ({ ...destination, host: fullHost(destination.host, namespace) })
  const match = rule.match?.map((one) =>
    one.gateways ? { ...one, gateways: one.gateways.map((name) => gatewayName(name, namespace)) } : one,
  )
  return {
    ...rule,
    ...(match ? { match } : {}),
    ...(rule.mirror ? { mirror: full(rule.mirror) } : {}),
    ...(rule.mirrors ? { mirrors: rule.mirrors.map((one) => ({ ...one, destination: full(one.destination) })) } : {}),
  }
}

/** What the rule of a delegate takes from the one that handed over, where it does not say it itself. */
const inherited = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirror_percent',
  'mirrorPercentage',
  'corsPolicy',
  'mirrors',
  'headers',
] as const

/** Undefined where the two cannot both hold. */
function merge(root: HTTPRoute, own: HTTPRoute): HTTPRoute | undefined {
  const match = mergeMatches(root.match ?? [], own.match ?? [])
  if (!match) return undefined
  const merged: Record<string, unknown> = { ...own, match }
  delete merged.delegate
  const name = joined(root.name, own.name)
  if (name) merged.name = name
  for (const field of inherited) merged[field] ??= root[field]
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}

function joined(root: string | undefined, own: string | undefined): string {
  return [root, own].filter(Boolean).join('-')
}

/** Each condition of the delegate with each of the root's that leaves it room; undefined where one finds none. */
function mergeMatches(
  roots: readonly HTTPMatchRequest[],
  leaves: readonly HTTPMatchRequest[],
): readonly HTTPMatchRequest[] | undefined {
  if (roots.length === 0) return leaves
  if (leaves.length === 0) return roots
  const merged = leaves.map((leaf) =>
    roots.filter((root) => !isConflict(root, leaf)).map((root) => mergeMatch(root, leaf)),
  )
  return merged.some((found) => found.length === 0) ? undefined : merged.flat()
}

function mergeMatch(root: HTTPMatchRequest, leaf: HTTPMatchRequest): HTTPMatchRequest {
  const name = joined(root.name, leaf.name)
  const gateways = leaf.gateways?.length ? leaf.gateways : (root.gateways ?? [])
  return {
    ...root,
    ...leaf,
    headers: { ...root.headers, ...leaf.headers },
    withoutHeaders: { ...root.withoutHeaders, ...leaf.withoutHeaders },
    queryParams: { ...root.queryParams, ...leaf.queryParams },
    sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
    gateways,
    ...(name ? { name } : {}),
  }
}

const texts = ['uri', 'scheme', 'method', 'authority'] as const
const maps = ['headers', 'withoutHeaders', 'queryParams'] as const

function isConflict(root: HTTPMatchRequest, leaf: HTTPMatchRequest): boolean {
  const isWider = (all: readonly string[] = [], some: readonly string[] = []) =>
    all.length === 0 || some.length === 0 || (all.length >= some.length && some.every((name) => all.includes(name)))
  return (
    texts.some((field) => isTextConflict(root[field], leaf[field])) ||
    maps.some((field) =>
      Object.entries(leaf[field] ?? {}).some(([name, rule]) => isTextConflict(root[field]?.[name], rule)),
    ) ||
    (root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false) ||
    (!!root.port && !!leaf.port && root.port !== leaf.port) ||
    (!!root.sourceNamespace && root.sourceNamespace !== leaf.sourceNamespace) ||
    Object.entries(leaf.sourceLabels ?? {}).some(([key, value]) => (root.sourceLabels?.[key] ?? value) !== value) ||
    !isWider(root.gateways, leaf.gateways)
  )
}

/** A delegate may narrow a prefix; expressions are not compared, so that they stand alone. */
function isTextConflict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (!root || !leaf) return false
  if (root.regex || leaf.regex) return true
  if (root.exact) return leaf.exact !== root.exact
  return !(root.prefix && (leaf.prefix || leaf.exact)?.startsWith(root.prefix))
}
