/** Service details: what the book is. */
import type { Workload } from '../mesh/application.ts'
import { health, json, routed } from './answers.ts'

const book = {
  author: 'William Shakespeare',
  year: 1595,
  type: 'paperback',
  pages: 200,
  publisher: 'PublisherA',
  language: 'English',
  'ISBN-10': '1234567890',
  'ISBN-13': '123-1234567890',
}

const answer = routed<Workload>([
  health('Details'),
  {
    method: 'GET',
    path: /^\/details\/([^/]+)$/,
    answer: (_request, _workload, id = '') =>
      /^[+-]?\d+$/.test(id)
        ? json(200, { id: Number(id), ...book })
        : json(400, { error: 'please provide numeric product id' }),
  },
])

/** Logs as Ruby's web server does. */
export const details: typeof answer = async (request, workload) => {
  const response = await answer(request, workload)
  const { method, path } = request
  const { status } = response
  const bytes = Buffer.byteLength(response.body)
  const time = new Date()
  workload.log(() => {
    const [day, clock] = time
      .toUTCString()
      .slice(5, 25)
      .split(/ (?=\d\d:)/)
    const line = `"${method} ${path} HTTP/1.1" ${status} ${bytes}`
    return `127.0.0.6 - - [${day?.replaceAll(' ', '/')}:${clock} UTC] ${line}`
  })
  return response
}
