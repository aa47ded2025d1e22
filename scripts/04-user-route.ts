#!/usr/bin/env -S node --import tsx/esm
/**
 * Section 4. Routing by user: the signed-in user jason is sent to reviews v2, everyone else to v1. The page passes the
 * name of its user on in the header end-user, and the rule looks at that header.
 */
import { destinationRules } from '../lib/conditions.ts'
import { section } from '../lib/lesson.ts'
import { main } from '../lib/main.ts'
import { byUser } from '../lib/proof.ts'
import { sh } from '../lib/sh.ts'

const userRoute = section('user-route', 'Routing by user', [
  {
    id: 'jason',
    title: 'Send jason to reviews v2, everyone else to v1',
    why: 'Rules are tried from top to bottom. The first matches the header end-user exactly, the second has no condition and takes the rest. Only the page sets that header, for a signed-in user: what a browser claims is not passed on.',
    needs: [destinationRules({ reviews: ['v1', 'v2', 'v3'] })],
    run: [sh`kubectl apply -f manifests/virtual-service-reviews-test-v2.yaml`],
    show: [sh`kubectl get vs reviews -o yaml`],
    proof: byUser({ jason: 'v2' }, 'v1'),
    undo: [sh`kubectl delete --ignore-not-found -f manifests/virtual-service-reviews-test-v2.yaml`],
    try: 'Open the page: no stars. Choose Sign in, user name jason, any password: black stars. Sign out: no stars again.',
  },
])

export default userRoute
await main(import.meta, [userRoute])
