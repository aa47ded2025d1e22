/** Causes in the lesson's own objects: what is gone, or no longer says what the lesson's manifest says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Item } from '../kube.ts'
import { projectFolder } from '../state.ts'
import type { Words } from '../words/en.ts'
import { type Cause, type Finding, isNamed, type Manifest, objectOf, type State } from './state.ts'

/** What must be there once a section has been run, and what only if nobody has taken it away since. */
const always = ['bookinfo.yaml', 'bookinfo-gateway.yaml']
const withRules = ['destination-rule-all.yaml']

/** May stand or not: without it every version of that service answers. */
const optional = ['virtual-service-all-v1.yaml']

/**
 * The objects of the manifests that a proof stands on. Not those that cannot be read, as their step says so; and not
 * the route of reviews, of which other causes tell more.
 */
export async function manifestsOf(wanted: State['wanted']): Promise<Manifest[]> {
  const { parseAllDocuments } = await import('yaml')
  const files = [...always, ...(wanted ? [...withRules, ...optional] : [])]
  return files.flatMap((file) => {
    const path = join('manifests', file)
    const documents = [...parseAllDocuments(readFileSync(join(projectFolder, path), 'utf8'))]
    return documents
      .filter(({ errors }) => errors.length === 0)
      .map((document) => ({ ...document.toJS(), file: path, optional: optional.includes(file) }) as Manifest)
      .filter(
        ({ kind, metadata }) =>
          kind !== 'ServiceAccount' && !(kind === 'VirtualService' && metadata?.name === 'reviews'),
      )
  })
}

export const drift: Cause = ({ manifests, deployments, services, gateways, routes, rules, words }) => {
  const there = [...deployments, ...services, ...gateways, ...routes, ...rules]
  const pairs = manifests.map((wanted) => ({
    wanted,
    actual: there.find((item) => isNamed(item, wanted.kind, wanted.metadata?.name)),
  }))
  const gone = pairs.filter(({ wanted, actual }) => !actual && !wanted.optional).map(({ wanted }) => wanted)
  const files = [...new Set(gone.map(({ file }) => `kubectl apply -f ${file}`))]
  const absence: Finding = { why: words.causes.gone(gone.map((item) => objectOf(item, words))), mend: files.join('\n') }
  const changes = pairs.flatMap(({ wanted, actual }) =>
    differences(wanted, actual, words).map((difference) => ({
      why: `${objectOf(wanted, words)}: ${difference}`,
      // Unlike apply it also takes away what others have added.
      mend: `kubectl replace -f ${wanted.file}`,
    })),
  )
  return gone.length > 0 ? [absence, ...changes] : changes
}

/**
 * Each field that says something else than the manifest. The API adds defaults to Kubernetes' own kinds, so there only
 * what the manifest sets counts; Istio's kinds have none, so there what was added counts as well.
 */
function differences(wanted: Item, actual: Item | undefined, { causes }: Words): string[] {
  if (!actual) return []
  return compare('spec', meantBy(wanted), actual.spec, /\.istio\.io\//.test(wanted.apiVersion ?? '')).map(
    ({ path, wanted: should, actual: is }) => {
      if (should === undefined) return causes.added(path, JSON.stringify(is))
      if (is === undefined) return causes.removed(path, JSON.stringify(should))
      return causes.changed(path, JSON.stringify(is), JSON.stringify(should))
    },
  )
}

interface Difference {
  path: string
  wanted: unknown
  actual: unknown
}

/** The spec with the defaults that decide where traffic goes; how many pods carry it is not compared. */
function meantBy({ kind, spec }: Item): unknown {
  if (kind === 'Deployment') return { ...spec, replicas: undefined }
  if (kind !== 'Service') return spec
  return { ...spec, ports: spec.ports.map((port: Item) => ({ targetPort: port.port, protocol: 'TCP', ...port })) }
}

function compare(path: string, wanted: unknown, actual: unknown, exact: boolean): Difference[] {
  if (isList(wanted) && isList(actual)) {
    const [names, others] = [namesOf(wanted), namesOf(actual)]
    // An entry that only has another name is told as that.
    const renamed = wanted.length === actual.length && !names?.every((name) => others?.includes(name))
    const byName = names && others && !renamed
    return compareFields(
      entriesOf(wanted, byName ? names : undefined),
      entriesOf(actual, byName ? others : undefined),
      true,
      (name) => `${path}[${name}]`,
      exact,
    )
  }
  if (isMap(wanted) && isMap(actual)) return compareFields(wanted, actual, exact, (name) => `${path}.${name}`, exact)
  return JSON.stringify(wanted) === JSON.stringify(actual) ? [] : [{ path, wanted, actual }]
}

function compareFields(
  wanted: Fields,
  actual: Fields,
  both: boolean,
  pathOf: (name: string) => string,
  exact: boolean,
): Difference[] {
  const names = new Set([...Object.keys(wanted), ...(both ? Object.keys(actual) : [])])
  return [...names]
    .filter((name) => both || wanted[name] !== undefined)
    .flatMap((name) => compare(pathOf(name), wanted[name], actual[name], exact))
}

type Fields = Readonly<Record<string, unknown>>

const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !isList(value)

/** The names of a list's entries, as subsets and ports have them; undefined where they have none of their own each. */
function namesOf(list: readonly unknown[]): string[] | undefined {
  const names = list.flatMap((entry) => (isMap(entry) && typeof entry.name === 'string' ? [entry.name] : []))
  return new Set(names).size === list.length ? names : undefined
}

/** A list's entries by their names, or else by their places. */
function entriesOf(list: readonly unknown[], names: readonly string[] = list.map((_, i) => String(i))): Fields {
  return Object.fromEntries(list.map((entry, i) => [names[i], entry]))
}
