/** Rules that never get a request, which istiod warns of. */
import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../../mesh/types.ts'
import type { Problems } from './problems.ts'

/** For requests; of several prefixes also those that lie within an earlier one. */
export function warnOfUnreachable(routes: readonly HTTPRoute[], problems: Warnings): void {
  const prefixes: PrefixMatch[] = []
  warnOfRepeated(routes, problems, (match, route, name) => {
    if (match.uri?.prefix) prefixes.push({ route, name, prefix: match.uri.prefix, match })
  })
  warnOfCovered(prefixes, problems)
}

interface Rule<Match> {
  name?: string
  match?: readonly Match[]
}

/** onNew: told of each match that is there for the first time, with the names of its rule and its own. */
export function warnOfRepeated<Match extends { name?: string }>(
  routes: readonly Rule<Match>[],
  problems: Warnings,
  onNew?: (match: Match, route: string, name: string) => void,
): void {
  const seen = new Map<string, string>()
  let hasCatchAll = false
  routes.forEach((route, number) => {
    const name = nameOf(route, number)
    const { match = [] } = route
    if (match.length === 0) {
      if (hasCatchAll) warnUnused(problems, name, 'only the last rule can have no matches')
      hasCatchAll = true
      return
    }
    let repeated = 0
    match.forEach((one, index) => {
      const { name: _, ...conditions } = one
      const key = canonical(conditions)
      const earlier = seen.get(key)
      if (earlier !== undefined) {
        warnIneffective(problems, name, nameOf(one, index), earlier)
        repeated++
        return
      }
      seen.set(key, name)
      onNew?.(one, name, nameOf(one, index))
    })
    if (repeated === match.length) warnUnused(problems, name, 'all matches used by prior rules')
  })
}

/** The same text for the same fields, in whatever order they were written. */
function canonical(value: object): string {
  return JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

type Warnings = Pick<Problems, 'warn'>

interface PrefixMatch {
  route: string
  name: string
  prefix: string
  match: HTTPMatchRequest
}

/** A prefix that an earlier, shorter one takes all requests of. */
function warnOfCovered(matches: readonly PrefixMatch[], problems: Warnings): void {
  for (const [index, earlier] of matches.entries())
    for (const later of matches.slice(index + 1)) {
      if (later.prefix === earlier.prefix || !covers(earlier, later)) continue
      const what = `${later.name} of prefix ${later.prefix}`
      const by = `${earlier.name} of prefix ${earlier.prefix} on ${earlier.route}`
      warnIneffective(problems, later.route, what, by)
    }
}

function covers({ prefix, match }: PrefixMatch, later: PrefixMatch): boolean {
  return (
    later.prefix.startsWith(prefix) &&
    (later.match.port ?? 0) === (match.port ?? 0) &&
    (text(match.method) || 'exact:GET').startsWith(text(later.match.method) || 'exact:GET') &&
    text(match.authority).startsWith(text(later.match.authority)) &&
    coversAll(match.headers, later.match.headers) &&
    coversAll(match.queryParams, later.match.queryParams) &&
    coversAll(match.withoutHeaders, later.match.withoutHeaders)
  )
}

type Rules = Readonly<Record<string, StringMatch>> | undefined

function coversAll(rules: Rules = {}, later: Rules = {}): boolean {
  const names = Object.keys(rules)
  if (names.length !== Object.keys(later).length) return false
  return names.every((name) => Object.hasOwn(later, name) && text(rules[name]).startsWith(text(later[name])))
}

function text(rule: StringMatch | undefined): string {
  if (rule?.exact) return `exact:${rule.exact}`
  return rule?.prefix ? `prefix:${rule.prefix}` : ''
}

function nameOf({ name }: { name?: string }, number: number): string {
  return name ? `"${name}"` : `#${number}`
}

function warnUnused(problems: Warnings, rule: string, reason: string): void {
  problems.warn(`virtualService rule ${rule} not used (${reason})`)
}

function warnIneffective(problems: Warnings, rule: string, match: string, earlier: string): void {
  problems.warn(
    `virtualService rule ${rule} match ${match} is not used (duplicate/overlapping match in rule ${earlier})`,
  )
}
