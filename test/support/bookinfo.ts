/** A Bookinfo page over HTTP as productpage serves it, whose reviews a test decides visit by visit. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Stars, Version } from '../../lib/page.ts'
import { listen } from './listen.ts'

type Layout = 'old' | 'new'

export interface Shown {
  version?: Version
  stars?: Stars
  /** Texts that the page shows in place of its reviews or among them. */
  errors?: readonly string[]
}

/** What one visit is answered: a version with its own stars, a page put together by hand, or another status. */
type Answer = Version | Shown | { status: number }

export interface Caller {
  /** The signed-in user. */
  user: string | undefined
  /** What the visit's own header claims. */
  claimed: string | undefined
  /** Counts the visits of all callers, from 1. */
  number: number
}

export interface Bookinfo {
  url: string
  port: number
  /** Method and path of each request, in order. */
  requests: string[]
  close: () => Promise<void>
}

const starsBy: Readonly<Record<Version, Stars>> = { v1: 'none', v2: 'black', v3: 'red' }

export async function startBookinfo(
  answer: (caller: Caller) => Answer,
  { layout = 'old', port = 0 }: { layout?: Layout; port?: number } = {},
): Promise<Bookinfo> {
  const requests: string[] = []
  let visits = 0
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (request.url === '/login') return void signIn(request, response)
    if (request.url !== '/productpage') return void response.writeHead(404).end()
    const caller = { user: userOf(request), claimed: header(request, 'end-user'), number: ++visits }
    const given = answer(caller)
    if (typeof given === 'object' && 'status' in given) return void response.writeHead(given.status).end()
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end(page(typeof given === 'string' ? { version: given } : given, layout))
  })
  const { port: opened, close } = await listen(server, port)
  return { url: `http://localhost:${opened}/productpage`, port: opened, requests, close }
}

/** The whole page; stars are those of the version where none are given. */
export function page(shown: Shown, layout: Layout): string {
  const stars = shown.stars ?? (shown.version ? starsBy[shown.version] : 'none')
  const pod = shown.version && `reviews-${shown.version}-5b5d6494f4-x7k2p`
  return `<!DOCTYPE html><html><body><h3>The Comedy of Errors</h3>${layouts[layout](stars, pod, shown.errors ?? [])}</body></html>`
}

type Draw = (stars: Stars, pod: string | undefined, errors: readonly string[]) => string

/** Images 1.18 and 1.19: each review with its stars, then once who served them. */
const old: Draw = (stars, pod, errors) => {
  const colour =
    stars === 'none'
      ? ''
      : `<font color="${stars}">${'<span class="glyphicon glyphicon-star"></span>'.repeat(5)}</font>`
  const review = `<blockquote><p>An extremely entertaining play!</p><small>Reviewer1</small>${colour}</blockquote>`
  const served = pod ? `${review}<dl><dt>Reviews served by:</dt>\n <u>${pod}</u>\n</dl>` : ''
  return `${errors.map((text) => `<h4 class="text-center text-primary">${text}</h4>`).join('')}${served}`
}

/** Images 1.20 and newer: stars as drawings, who served them under each review, red texts for errors. */
const recent: Draw = (stars, pod, errors) => {
  const colour =
    stars === 'none'
      ? ''
      : `<div class="flex gap-x-1 text-${stars}-500">\n  ${'<svg class="h-5 w-5 flex-none"></svg>'.repeat(5)}</div>`
  const review = `<section>${colour}<p>"An extremely entertaining play!"</p><div class="font-mono">Reviews served by: \n ${pod}\n</div></section>`
  return `${errors.map((text) => `<p class="text-2xl text-red-500">${text}</p>`).join('')}${pod ? review.repeat(2) : ''}`
}

const layouts: Readonly<Record<Layout, Draw>> = { old, new: recent }

/** The cookie comes with the redirect: who follows it without keeping cookies is anonymous again. */
function signIn(request: IncomingMessage, response: ServerResponse): void {
  let form = ''
  request.on('data', (data) => (form += data))
  request.on('end', () => {
    const user = new URLSearchParams(form).get('username') ?? ''
    response.writeHead(302, {
      Location: header(request, 'referer') ?? '/',
      'Set-Cookie': `session=${encodeURIComponent(user)}; HttpOnly; Path=/`,
    })
    response.end()
  })
}

function userOf(request: IncomingMessage): string | undefined {
  const [, user] = /(?:^|; )session=([^;]*)/.exec(request.headers.cookie ?? '') ?? []
  return user && decodeURIComponent(user)
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
