/** Service ratings: how many stars each reviewer gives. */
import type { Workload } from '../mesh/application.ts'
import { health, json, routed } from './answers.ts'

const stars = { Reviewer1: 5, Reviewer2: 4 }

const answer = routed<Workload>([
  health('Ratings'),
  {
    method: 'GET',
    path: /^\/ratings\/([^/]+)$/,
    answer: (_request, _workload, id = '') =>
      /^[+-]?\d+$/.test(id)
        ? json(200, { id: Number(id), ratings: stars })
        : json(400, { error: 'please provide numeric product ID' }),
  },
])

export const ratings: typeof answer = (request, workload) => {
  workload.log(`${request.method} ${request.path}`)
  return answer(request, workload)
}
