#!/usr/bin/env -S node --import tsx/esm
/**
 * Takes back what sections 4 to 2 have done, in the right order: routes before rules, rules before workloads. The
 * cluster is then as section 1 left it; with --all what section 1 has made goes too.
 */
import { cleanUp } from '../lib/clean-up.ts'
import install from './01-install.ts'
import deploy from './02-deploy.ts'
import versionRoute from './03-version-route.ts'
import userRoute from './04-user-route.ts'

await cleanUp(import.meta, [install, deploy, versionRoute, userRoute])
