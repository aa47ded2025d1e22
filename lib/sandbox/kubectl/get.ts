/** `kubectl get`: tables as the server makes them, or the objects themselves. */
import { ApiError } from '../cli/client.ts'
import { pathOf, type Resource, shownName } from '../cli/resources.ts'
import type { KubeObject } from '../objects.ts'
import { outputOf, type Table, tableText } from './output.ts'
import type { Command, Session, Target } from './session.ts'

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

export const get: Command = {
  usage: 'get TYPE [NAME ...] [-o yaml|json|wide|name|jsonpath=...] [-l LABELS] [-A] [--show-labels] [--no-headers]',
  flags: {
    output: { type: 'value', short: 'o' },
    selector: { type: 'value', short: 'l' },
    'field-selector': { type: 'value' },
    'all-namespaces': { type: 'switch', short: 'A' },
    'show-labels': { type: 'switch' },
    'no-headers': { type: 'switch' },
    'ignore-not-found': { type: 'switch' },
    raw: { type: 'value' },
  },
  run: async (session) => {
    const raw = session.line.value('raw')
    if (raw !== undefined) {
      process.stdout.write(await session.client.text(raw))
      return
    }
    const print = outputOf(session.line.value('output'))
    const [first = ''] = session.words
    const isNamed = session.words.length > 1 || first.includes('/')
    const targets = isNamed ? await session.targets() : []
    const resources = isNamed
      ? [...new Set(targets.map(({ resource }) => resource))]
      : await session.resources(required(first))
    if (!print) {
      await printTables(session, resources, targets)
      return
    }
    const objects = isNamed
      ? await getAll(session, targets)
      : (await Promise.all(resources.map((resource) => session.list(resource)))).flat()
    if (objects.length === 0 && isNamed) return
    process.stdout.write(print(objects, !isNamed || targets.length > 1, (object) => resourceOf(object, resources)))
  },
}

function required(first: string): string {
  if (first === '') throw new Error('You must specify the type of resource to get.')
  return first
}

function resourceOf({ kind }: KubeObject, resources: readonly Resource[]): Resource {
  return resources.find((resource) => resource.kind === kind) as Resource
}

async function getAll(session: Session, targets: readonly Target[]): Promise<KubeObject[]> {
  const isLenient = session.line.isSet('ignore-not-found')
  const objects = await Promise.all(targets.map((target) => (isLenient ? session.find(target) : session.get(target))))
  return objects.filter((object) => object !== undefined)
}

async function printTables(
  session: Session,
  resources: readonly Resource[],
  targets: readonly Target[],
): Promise<void> {
  const { line } = session
  const tables: { resource: Resource; table: Table }[] = []
  for (const resource of resources) {
    const own = targets.filter((target) => target.resource === resource)
    tables.push({ resource, table: await tableOf(session, resource, own) })
  }
  const shown = tables.filter(({ table }) => table.rows.length > 0)
  if (shown.length === 0 && !line.isSet('ignore-not-found')) {
    const where =
      session.scope && resources.some(({ namespaced }) => namespaced) ? ` in ${session.scope} namespace.` : ''
    console.error(`No resources found${where}`)
  }
  const texts = shown.map(({ resource, table }) =>
    tableText(table, {
      isWide: line.value('output') === 'wide',
      withNamespace: session.scope === undefined && resource.namespaced,
      withLabels: line.isSet('show-labels'),
      withHeaders: !line.isSet('no-headers'),
      prefix: resources.length > 1 ? `${shownName(resource)}/` : '',
    }),
  )
  process.stdout.write(texts.join('\n'))
}

async function tableOf(session: Session, resource: Resource, targets: readonly Target[]): Promise<Table> {
  if (targets.length === 0)
    return session.client.send({ path: `${pathOf(resource, session.scope)}?${session.selectors()}`, accept: asTable })
  const tables: Table[] = []
  for (const { name, namespace } of targets)
    try {
      tables.push(await session.client.send({ path: pathOf(resource, namespace, name), accept: asTable }))
    } catch (error) {
      const isMissing = error instanceof ApiError && error.status.code === 404
      if (!isMissing || !session.line.isSet('ignore-not-found')) throw error
    }
  return {
    kind: 'Table',
    columnDefinitions: tables[0]?.columnDefinitions ?? [],
    rows: tables.flatMap(({ rows }) => rows),
  }
}
