/** Istio's sample Bookinfo: which service a container's image is. */
import type { Application } from '../mesh/application.ts'
import { details } from './details.ts'
import { type Layout, productPage } from './product-page.ts'
import { ratings } from './ratings.ts'
import { reviews } from './reviews.ts'

/** Listens where all of Bookinfo does. */
const port = 9080

const services: Readonly<Record<string, (layout: Layout) => Application['answer']>> = {
  'details-v1': () => details,
  'ratings-v1': () => ratings,
  'reviews-v1': () => reviews({ stars: undefined, ratingsLimit: 0 }),
  'reviews-v2': () => reviews({ stars: 'black', ratingsLimit: 10_000 }),
  'reviews-v3': () => reviews({ stars: 'red', ratingsLimit: 2_500 }),
  'productpage-v1': (layout) => productPage(layout),
}

/** The line by which each program says that it is ready: WEBrick, Node, Open Liberty, Flask. */
const greetings: readonly [service: string, greeting: Application['greeting']][] = [
  ['details', (time) => `[${logTime(time)}] INFO  WEBrick::HTTPServer#start: pid=1 port=${port}`],
  ['ratings', () => `Server listening on: http://0.0.0.0:${port}`],
  ['reviews', () => '[AUDIT   ] CWWKF0011I: The defaultServer server is ready to run a smarter planet.'],
  ['productpage', () => `INFO:root:start at port ${port}`],
]

/** `2026-11-26 09:30:00` */
function logTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ')
}

const known = new Map<string, Application | undefined>()

/** Undefined for images of anything else. */
export function findApplication(image: string): Application | undefined {
  if (!known.has(image)) known.set(image, make(image))
  return known.get(image)
}

function make(image: string): Application | undefined {
  const match = /(?:^|\/)examples-bookinfo-(?<service>[a-z]+-v\d)(?::(?<tag>[\w.-]+))?(?:@sha256:[0-9a-f]{64})?$/.exec(
    image,
  )
  const name = match?.groups?.service ?? ''
  const greeting = greetings.find(([service]) => name.startsWith(service))?.[1]
  const service = services[name]
  return service && greeting && { port, greeting, answer: service(layoutOf(match?.groups?.tag ?? 'latest')) }
}

/** The page got its second look with 1.20. */
function layoutOf(tag: string): Layout {
  const [major = 1, minor = 20] = tag.split('.').map((part) => Number.parseInt(part, 10))
  return Number.isNaN(major) || major > 1 || minor >= 20 ? 'new' : 'old'
}
