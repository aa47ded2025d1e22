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
  const service = services[match?.groups?.service ?? '']
  return service && { port, answer: service(layoutOf(match?.groups?.tag ?? 'latest')) }
}

/** The page got its second look with 1.20. */
function layoutOf(tag: string): Layout {
  const [major = 1, minor = 20] = tag.split('.').map((part) => Number.parseInt(part, 10))
  return Number.isNaN(major) || major > 1 || minor >= 20 ? 'new' : 'old'
}
