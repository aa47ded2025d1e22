/** Bookinfo's services alone: what a pod of theirs answers, and what it asks of others. */
import { CallError, type Workload } from '../../../lib/sandbox/mesh/application.ts'
import type { HttpRequest, HttpResponse } from '../../../lib/sandbox/mesh/http.ts'
import { pod } from '../../support/mesh.ts'

interface Alone extends Workload {
  asked: HttpRequest[]
  lines: string[]
}

/** others: answers by host and path; where there is none, nobody is reached. */
export function alone(
  name: string,
  others: Readonly<Record<string, HttpResponse | (() => HttpResponse)>> = {},
  env: Readonly<Record<string, string>> = {},
): Alone {
  const [asked, lines]: [HttpRequest[], string[]] = [[], []]
  return {
    pod: pod({ name }),
    env: (variable) => env[variable],
    log: (line) => lines.push(typeof line === 'string' ? line : line()),
    asked,
    lines,
    async call(request) {
      asked.push(request)
      const answer = others[`${request.authority}${request.path}`]
      if (!answer) throw new CallError('connection refused')
      return typeof answer === 'function' ? answer() : answer
    },
  }
}

export function answered(status: number, body: unknown): HttpResponse {
  return { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) }
}

export function parsed({ body }: HttpResponse): unknown {
  return JSON.parse(String(body))
}
