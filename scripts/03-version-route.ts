#!/usr/bin/env -S node --import tsx/esm
/**
 * Section 3. Routing by version: give the versions of each service a name (subset), then send everyone to reviews v1,
 * then everyone to reviews v3.
 */
import { bookinfoGateway, destinationRules, podsWithSidecar, routesExist } from '../lib/conditions.ts'
import { section } from '../lib/lesson.ts'
import { main } from '../lib/main.ts'
import { always, holds } from '../lib/proof.ts'
import { sh } from '../lib/sh.ts'

const subsets = destinationRules({
  productpage: ['v1'],
  reviews: ['v1', 'v2', 'v3'],
  ratings: ['v1', 'v2', 'v2-mysql', 'v2-mysql-vm'],
  details: ['v1', 'v2'],
})

const versionRoute = section('version-route', 'Routing by version', [
  {
    id: 'destination-rules',
    title: 'Give the versions a name',
    why: 'A DestinationRule makes subsets of the pods behind a host, by their labels. It changes no traffic yet, but a route can only name a subset that exists.',
    needs: [bookinfoGateway, podsWithSidecar('reviews-v1', 'reviews-v2', 'reviews-v3')],
    run: [sh`kubectl apply -f manifests/destination-rule-all.yaml`],
    show: [sh`kubectl get dr`, sh`kubectl get dr reviews -o yaml`],
    proof: holds(subsets),
    undo: [sh`kubectl delete --ignore-not-found -f manifests/destination-rule-all.yaml`],
  },
  {
    id: 'all-v1',
    title: 'Send everyone to v1',
    why: 'A VirtualService routes by name. Its one route has no condition, so all requests for reviews now go to the subset v1.',
    needs: [subsets],
    run: [sh`kubectl apply -f manifests/virtual-service-all-v1.yaml`],
    show: [sh`kubectl get vs reviews -o yaml`],
    proof: always('v1'),
    undo: [sh`kubectl delete --ignore-not-found -f manifests/virtual-service-all-v1.yaml`],
  },
  {
    id: 'reviews-v3',
    title: 'Send everyone to reviews v3',
    why: 'One field of the rule is changed in place. A merge patch replaces the list http as a whole.',
    needs: [subsets, routesExist('reviews')],
    run: [
      sh`kubectl patch vs reviews --type merge -p '{"spec":{"http":[{"route":[{"destination":{"host":"reviews","subset":"v3"}}]}]}}'`,
    ],
    proof: always('v3'),
    try: 'Refresh the page: the stars stay red. Then change v3 to v2 in the command above and see them turn black.',
  },
])

export default versionRoute
await main(import.meta, [versionRoute])
