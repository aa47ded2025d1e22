/** The page's files: all from this machine, none from elsewhere. */
import type { HttpResponse } from '../mesh/http.ts'
import { plain, withLength } from './answers.ts'
import { style } from './style.ts'

const files: ReadonlyMap<string, { type: string; body: Buffer }> = new Map([
  ['bookinfo.css', { type: 'text/css; charset=utf-8', body: Buffer.from(style) }],
])

export function staticFile(name: string): HttpResponse {
  const file = files.get(name)
  return file ? withLength(200, { 'content-type': file.type }, file.body) : plain(404, '404 page not found')
}
