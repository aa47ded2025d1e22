/** Bodies that are no objects to be stored: options, reviews, scales. */
import { parseJson } from '../schema/json.ts'
import { bodyFormat } from '../schema/media-types.ts'
import { isObject } from '../schema/merge-patch.ts'
import { parseYaml } from '../schema/yaml.ts'
import { badRequest } from '../status.ts'
import type { Ask } from './exchange.ts'

/** What the body says; nothing where it is empty and may be. @throws UnsupportedMediaType, BadRequest */
export async function readBody(ask: Ask, { mayBeEmpty = false } = {}): Promise<Record<string, unknown>> {
  const body = await ask.body()
  if (mayBeEmpty && body.trim() === '') return {}
  const parse = bodyFormat(ask.headers['content-type']) === 'yaml' ? parseYaml : parseJson
  const refused = (why: string) => badRequest(`couldn't get version/kind; json parse error: ${why}`)
  try {
    const { value } = parse(body)
    if (isObject(value)) return value
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw Object.assign(refused(cause.message), { cause })
  }
  throw refused('not an object')
}
