/** Where requests go: hosts, subsets, ports, weights. */
import { ask, paths, reviews, route, type TrafficCase, to } from './case.ts'

export const destinations: readonly TrafficCase[] = [
  { title: 'a host nobody has', http: [route(undefined, [to('nobody')])], asks: paths('/') },
  {
    title: 'a subset nobody defined',
    http: [route(undefined, [to('reviews', { subset: 'v9' })])],
    asks: paths('/reviews/0'),
  },
  {
    title: 'a subset without pods',
    http: [route(undefined, [to('details', { subset: 'v2' })])],
    asks: paths('/details/0'),
  },
  {
    title: 'a port the service lacks',
    http: [route(undefined, [{ destination: { host: 'details', port: { number: 1 } } }])],
    asks: paths('/details/0'),
  },
  {
    title: 'without a port',
    http: [route(undefined, [{ destination: { host: 'details' } }])],
    asks: paths('/details/0'),
  },
  {
    title: 'full name of the host',
    http: [route(undefined, [to('details.default.svc.cluster.local')])],
    asks: paths('/details/0'),
  },
  {
    title: 'name with the namespace alone',
    http: [route(undefined, [to('details.default')])],
    asks: paths('/details/0'),
  },
  {
    title: 'host in another namespace',
    http: [route(undefined, [to('details.other.svc.cluster.local')])],
    asks: paths('/details/0'),
  },
  {
    title: 'weights',
    http: [
      route(undefined, [
        { ...reviews('v1'), weight: 80 },
        { ...reviews('v3'), weight: 20 },
      ]),
    ],
    asks: [ask('/reviews/0', {}, { times: 300 })],
  },
  {
    title: 'weights that are no hundred',
    http: [
      route(undefined, [
        { ...reviews('v1'), weight: 1 },
        { ...reviews('v2'), weight: 2 },
        { ...reviews('v3'), weight: 0 },
      ]),
    ],
    asks: [ask('/reviews/0', {}, { times: 300 })],
  },
  {
    title: 'no rule for the host: all pods',
    http: [route(undefined, [to('reviews')])],
    asks: [ask('/reviews/0', {}, { times: 300 })],
  },
]
