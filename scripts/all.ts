#!/usr/bin/env -S node --import tsx/esm
/** The whole lesson: its four sections, one after the other. */
import { main } from '../lib/main.ts'
import install from './01-install.ts'
import deploy from './02-deploy.ts'
import versionRoute from './03-version-route.ts'
import userRoute from './04-user-route.ts'

await main(import.meta, [install, deploy, versionRoute, userRoute])
