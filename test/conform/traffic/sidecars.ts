/** Rules that sidecars follow, seen through the page. */
import { ask, istio, many, onReviews, productpage, reviews, route, type TrafficCase, to } from './case.ts'

export const sidecars: readonly TrafficCase[] = [
  {
    title: 'consistent hash by header',
    http: [route(undefined, [to('ratings')])],
    objects: [
      istio('DestinationRule', 'conform', {
        host: 'reviews',
        trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } } },
      }),
    ],
    asks: [ask('/ratings/0')],
  },
  {
    title: 'reviews for one user',
    http: productpage,
    objects: [
      onReviews([
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [reviews('v2')] },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: many(),
  },
  {
    title: "reviews by the caller's labels",
    http: productpage,
    objects: [
      onReviews([
        { match: [{ sourceLabels: { app: 'productpage' } }], route: [reviews('v3')] },
        { route: [reviews('v1')] },
      ]),
    ],
    asks: many(),
  },
  {
    title: 'reviews by other labels of the caller',
    http: productpage,
    objects: [
      onReviews([{ match: [{ sourceLabels: { app: 'other' } }], route: [reviews('v3')] }, { route: [reviews('v1')] }]),
    ],
    asks: many(),
  },
  {
    title: "reviews by the caller's namespace",
    http: productpage,
    objects: [
      onReviews([{ match: [{ sourceNamespace: 'default' }], route: [reviews('v2')] }, { route: [reviews('v1')] }]),
    ],
    asks: many(),
  },
  {
    title: 'reviews for the gateway alone',
    http: productpage,
    objects: [
      onReviews([{ match: [{ gateways: ['bookinfo-gateway'] }], route: [reviews('v2')] }, { route: [reviews('v1')] }]),
    ],
    asks: many(),
  },
  {
    title: 'reviews aborted with 500 for half',
    http: productpage,
    objects: [
      onReviews([{ fault: { abort: { httpStatus: 500, percentage: { value: 50 } } }, route: [reviews('v1')] }]),
    ],
    asks: [ask('/api/v1/products/0/reviews', {}, { times: 300 })],
  },
  {
    title: 'reviews aborted with 503 for half',
    http: productpage,
    objects: [
      onReviews([{ fault: { abort: { httpStatus: 503, percentage: { value: 50 } } }, route: [reviews('v1')] }]),
    ],
    asks: [ask('/api/v1/products/0/reviews', {}, { times: 300 })],
  },
  {
    title: 'reviews split in three',
    http: productpage,
    objects: [
      onReviews([
        {
          route: [
            { ...reviews('v1'), weight: 50 },
            { ...reviews('v2'), weight: 30 },
            { ...reviews('v3'), weight: 20 },
          ],
        },
      ]),
    ],
    asks: [ask('/api/v1/products/0/reviews', {}, { times: 300 })],
  },
  {
    title: 'reviews too late',
    http: productpage,
    objects: [
      onReviews([{ fault: { delay: { fixedDelay: '4s', percentage: { value: 100 } } }, route: [reviews('v1')] }]),
    ],
    asks: [ask('/api/v1/products/0/reviews')],
  },
  {
    title: 'reviews without a route that matches',
    http: productpage,
    objects: [onReviews([{ match: [{ uri: { exact: '/nothing' } }], route: [reviews('v1')] }])],
    asks: [ask('/api/v1/products/0/reviews')],
  },
]
