#!/usr/bin/env -S node --import tsx/esm
/**
 * Section 2. The application: run Bookinfo, four services of which reviews has three versions, and open it to the
 * browser. Without any rule the reviews change from refresh to refresh.
 */
import {
  available,
  bookinfoGateway,
  gatewayOnHostNetwork,
  istioVersion,
  namespaceLabelled,
  noPodWithoutSidecar,
  noReviewsRoute,
  podsWithSidecar,
} from '../lib/conditions.ts'
import { section } from '../lib/lesson.ts'
import { main } from '../lib/main.ts'
import { allThree, holds } from '../lib/proof.ts'
import { sh } from '../lib/sh.ts'

const bookinfo = ['details-v1', 'productpage-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3'] as const

const deploy = section('deploy', 'The application Bookinfo', [
  {
    id: 'bookinfo',
    title: 'Run Bookinfo',
    why: 'Each pod shows 2/2: the application and its sidecar. The manifest names no sidecar; the label of the namespace brought it.',
    needs: [istioVersion, namespaceLabelled, gatewayOnHostNetwork],
    stuck: [
      {
        unless: noPodWithoutSidecar(...bookinfo),
        run: [sh`kubectl rollout restart ${bookinfo.map((name) => `deploy/${name}`)}`],
      },
    ],
    run: [sh`kubectl apply -f manifests/bookinfo.yaml`],
    ready: [available('default', ...bookinfo), podsWithSidecar(...bookinfo)],
    show: [sh`kubectl get pod`],
    proof: holds(podsWithSidecar(...bookinfo)),
    // In the foreground: the command ends when the pods are gone, too.
    undo: [sh`kubectl delete --ignore-not-found --cascade=foreground -f manifests/bookinfo.yaml`],
  },
  {
    id: 'gateway',
    title: 'Open Bookinfo to the browser',
    why: 'The Gateway makes the ingress gateway listen; the VirtualService says which paths go to productpage. Reviews has three versions behind one name: each visit may meet another one.',
    needs: [available('default', ...bookinfo)],
    // Routes of a later section, from an earlier run, would hide what this step shows.
    fresh: {
      unless: noReviewsRoute,
      run: [sh`kubectl delete -f manifests/virtual-service-all-v1.yaml --ignore-not-found`],
    },
    run: [sh`kubectl apply -f manifests/bookinfo-gateway.yaml`],
    ready: [bookinfoGateway],
    proof: allThree,
    undo: [sh`kubectl delete --ignore-not-found -f manifests/bookinfo-gateway.yaml`],
    try: 'Open the page and refresh it a few times: no stars, black stars, red stars.',
  },
])

export default deploy
await main(import.meta, [deploy])
