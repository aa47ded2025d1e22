/** The JSON paths that printer columns of definitions use: fields, list indexes, and a filter by equality. */

/**
 * The first value at a path such as `.status.conditions[?(@.type=="Ready")].status`, `.spec.ports[0].name` or
 * `.metadata.labels.a\.b`; undefined where there is none.
 */
export function readPath(object: unknown, path: string): unknown {
  return steps(path).reduce<unknown>((value, step) => (value === undefined ? undefined : step(value)), object)
}

type Step = (value: unknown) => unknown

const token =
  /\.((?:\\.|[^.[\]\\])+)|\[(\d+)\]|\['([^']+)'\]|\[\?\(@\.([\w.]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\]|\[\*\]/gy

const known = new Map<string, Step[]>()

function steps(path: string): Step[] {
  let found = known.get(path)
  if (!found) {
    found = [...(path.startsWith('.') || path.startsWith('[') ? path : `.${path}`).matchAll(token)].map(
      ([, field, index, quoted, key, double, single]): Step => {
        if (key !== undefined)
          return (value) => listed(value).find((item) => readPath(item, key) === (double ?? single))
        if (index !== undefined) return (value) => listed(value)[Number(index)]
        const name = quoted ?? field?.replace(/\\(.)/g, '$1')
        return name === undefined ? (value) => value : (value) => fieldOf(value, name)
      },
    )
    known.set(path, found)
  }
  return found
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
