/** Service productpage: the page itself, signing in and out, and the JSON API behind it. */
import { CallError, type Workload } from '../mesh/application.ts'
import type { HttpRequest, HttpResponse } from '../mesh/http.ts'
import {
  type Answer,
  authorityOf,
  type Endpoint,
  fetchFrom,
  get,
  health,
  json,
  jsonText,
  logTime,
  passOn,
  plain,
  redirect,
  routed,
  withLength,
} from './answers.ts'
import { formValue } from './form.ts'
import { type Layout, renderPage } from './page.ts'
import { book } from './page-parts.ts'
import { endedSession, sessionCookie, signedIn } from './session.ts'
import { staticFile } from './static.ts'

export type { Layout }

/** Milliseconds that details, reviews and ratings get for each try. */
const LIMIT_MS = 3_000

/** What another service answered; without a body where it failed. */
interface Found {
  status: number
  body: string | undefined
}

type Ask = (request: HttpRequest, workload: Workload, id: string) => Promise<Found>

const askDetails: Ask = (request, workload, id) => ask(request, workload, 'details', id, 1)
/** Reviews are asked twice, since the version that answers may be the slow one. */
const askReviews: Ask = (request, workload, id) => ask(request, workload, 'reviews', id, 2)
const askRatings: Ask = (request, workload, id) => ask(request, workload, 'ratings', id, 1)

export function productPage(layout: Layout): Answer<Workload> {
  const answer = routed<Workload>([
    { method: 'GET', path: /^\/productpage$/, answer: (request, workload) => showPage(layout, request, workload) },
    { method: 'GET', path: /^\/static\/(.+)$/, answer: (_request, _workload, name = '') => staticFile(name) },
    { method: 'POST', path: /^\/login$/, answer: logIn },
    { method: 'GET', path: /^\/logout$/, answer: (request) => goBack(request, endedSession) },
    { method: 'GET', path: /^\/api\/v1\/products$/, answer: () => json(200, [book]) },
    { method: 'GET', path: /^\/api\/v1\/products\/([^/]+)$/, answer: relay('details', askDetails) },
    { method: 'GET', path: /^\/api\/v1\/products\/([^/]+)\/reviews$/, answer: relay('reviews', askReviews) },
    { method: 'GET', path: /^\/api\/v1\/products\/([^/]+)\/ratings$/, answer: relay('ratings', askRatings) },
    {
      method: 'GET',
      path: /^\/$/,
      answer: () => html('<!DOCTYPE html><title>Bookinfo</title><a href="/productpage">Product page</a>'),
    },
    health('Productpage'),
    metrics(),
  ])
  return async (request, workload) => {
    const response = await answer(request, workload)
    const { method, path } = request
    const { status } = response
    const time = new Date()
    workload.log(() => `INFO:werkzeug:::ffff:127.0.0.6 - - [${logTime(time)}] "${method} ${path} HTTP/1.1" ${status} -`)
    return response
  }
}

/** Counts the pages shown since the pod was started. */
function metrics(): Endpoint<Workload> {
  return {
    method: 'GET',
    path: /^\/metrics$/,
    answer: (_request, workload) => {
      const text = `# TYPE request_result_total counter\nrequest_result_total ${shown.get(workload) ?? 0}\n`
      return withLength(200, { 'content-type': 'text/plain; version=0.0.4' }, text)
    },
  }
}

const shown = new WeakMap<Workload, number>()

/** 200 even where details or reviews fail: the page says so itself. */
async function showPage(layout: Layout, request: HttpRequest, workload: Workload): Promise<HttpResponse> {
  shown.set(workload, (shown.get(workload) ?? 0) + 1)
  const details = await askDetails(request, workload, '0')
  const reviews = await askReviews(request, workload, '0')
  return html(renderPage(layout, signedIn(request.headers), details, reviews))
}

function html(body: string): HttpResponse {
  return withLength(200, { 'content-type': 'text/html; charset=utf-8' }, body)
}

async function logIn(request: HttpRequest): Promise<HttpResponse> {
  return goBack(request, sessionCookie((await formValue(request, 'username')) ?? ''))
}

function goBack({ method, headers }: HttpRequest, cookie: string): HttpResponse {
  const location = headers.referer || '/productpage'
  if (method === 'POST') return withLength(302, { location, 'set-cookie': cookie }, '')
  return redirect(302, location, { 'set-cookie': cookie })
}

function relay(what: string, find: Ask): Answer<Workload> {
  return async (request, workload, id = '') => {
    if (!/^[+-]?\d+$/.test(id)) return plain(404, '404 page not found')
    const { status, body } = await find(request, workload, String(BigInt(id.replace('+', ''))))
    if (body !== undefined) return jsonText(200, body)
    return json(status, { error: `Sorry, product ${what} are currently unavailable for this book.` })
  }
}

/** The status of the last try, 500 where that one brought no answer at all. */
async function ask(
  request: HttpRequest,
  workload: Workload,
  service: 'details' | 'reviews' | 'ratings',
  id: string,
  tries: number,
): Promise<Found> {
  // Only the session says who asks: what a client puts into this header itself goes no further.
  const user = signedIn(request.headers)
  const headers = passOn(request.headers, { 'end-user': user || undefined })
  let status = 500
  for (let i = 0; i < tries; i++) {
    const answer = await tryCall(get(authorityOf(service, workload.env), `/${service}/${id}`, headers), workload)
    if (answer?.status === 200) return { status: 200, body: String(answer.body) }
    status = answer?.status ?? 500
  }
  return { status, body: undefined }
}

async function tryCall(request: HttpRequest, workload: Workload): Promise<HttpResponse | undefined> {
  try {
    return await fetchFrom(workload, request, LIMIT_MS)
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return undefined
  }
}
