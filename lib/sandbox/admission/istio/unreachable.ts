/** Rules that never get a request, which istiod warns of. */
import type { HTTPMatchRequest, HTTPRoute, StringMatch } from '../../mesh/types.ts'
import type { Problems } from './problems.ts'

/** @param problems where istiod's words go */
export function warnOfUnreachable(routes: readonly HTTPRoute[], problems: Warnings): void {
  const seen = new Map<string, number>()
  const prefixes: PrefixMatch[] = []
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
      const key = JSON.stringify(conditions)
      const earlier = seen.get(key)
      if (earlier !== undefined) {
        warnIneffective(problems, name, nameOf(one, index), nameOf(routes[earlier] as HTTPRoute, earlier))
        repeated++
        return
      }
      seen.set(key, number)
      if (one.uri?.prefix) prefixes.push({ route: name, name: nameOf(one, index), prefix: one.uri.prefix, match: one })
    })
    if (repeated === match.length) warnUnused(problems, name, 'all matches used by prior rules')
  })
  warnOfCovered(prefixes, problems)
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
