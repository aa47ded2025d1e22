/** What a path of the API asks for. */

/** `/apis/apps/v1/namespaces/default/deployments/reviews-v1/scale` in its parts. */
export interface ResourcePath {
  group: string
  version: string
  namespace: string | undefined
  plural: string
  name: string | undefined
  subresource: string | undefined
  /** What follows a subresource such as `proxy`. */
  rest: string[]
  /** `/api/v1/watch/pods`, the old way to ask for `/api/v1/pods?watch=1`. */
  isWatch: boolean
}

/**
 * @returns undefined for a path that is not one of resources (`/version`, `/apis/apps/v1`)
 */
export function resourcePath(pathname: string): ResourcePath | undefined {
  const [prefix, ...parts] = pathname
    .replace(/^\/|\/$/g, '')
    .split('/')
    .map(decode)
  const group = prefix === 'apis' ? parts.shift() : prefix === 'api' ? '' : undefined
  const version = parts.shift()
  if (group === undefined || version === undefined) return undefined
  const isWatch = parts[0] === 'watch'
  if (isWatch) parts.shift()
  const namespace = namespaceOf(parts)
  if (namespace !== undefined) parts.splice(0, 2)
  const [plural, name, subresource, ...rest] = parts
  if (plural === undefined) return undefined
  // A namespace without a name is none.
  return { group, version, namespace: namespace || undefined, plural, name, subresource, rest, isWatch }
}

/** `namespaces/NAME/PLURAL` is about what is in a namespace; `namespaces/NAME/status` about the namespace itself. */
function namespaceOf([first, name, plural]: string[]): string | undefined {
  return first === 'namespaces' && plural !== undefined && !['status', 'finalize'].includes(plural) ? name : undefined
}

/** What cannot be decoded is left as it is, and will not be found. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
