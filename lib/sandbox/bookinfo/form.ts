/** Fields of a form, as a browser or curl sends them. */
import { type HttpRequest, splitPath } from '../mesh/http.ts'

/** The first value of a name: of the body before the query. Undefined where it is in neither. */
export async function formValue({ body, headers, path }: HttpRequest, name: string): Promise<string | undefined> {
  const sent = await bodyOf(body, headers['content-type'] ?? '')
  const value = sent?.get(name) ?? new URLSearchParams(splitPath(path).query).get(name)
  return typeof value === 'string' ? value : undefined
}

const forms = ['application/x-www-form-urlencoded', 'multipart/form-data']

/** Undefined for a body of another kind, or one that cannot be read. */
async function bodyOf(body: string, type: string): Promise<FormData | undefined> {
  if (!forms.includes(type.split(';')[0]?.trim().toLowerCase() ?? '')) return undefined
  return new Response(body, { headers: { 'content-type': type } }).formData().catch(() => undefined)
}
