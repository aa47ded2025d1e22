/** Containers that run and do nothing, since the sandbox does not play their image: said in a warning. */
import { isDeepStrictEqual } from 'node:util'
import { findApplication } from '../bookinfo/bookinfo.ts'
import { pullFailure } from '../controllers/pods/images.ts'
import type { Container } from '../controllers/pods/pod.ts'
import { commandOf, courseOf } from '../controllers/pods/programs.ts'
import { type Kind, resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'

/** Where the containers of a kind are. */
const containersIn: Readonly<Record<string, (object: KubeObject) => Container[]>> = {
  pods: ({ spec }) => spec.containers,
  'deployments.apps': ({ spec }) => spec.template.spec.containers,
  'daemonsets.apps': ({ spec }) => spec.template.spec.containers,
  'replicasets.apps': ({ spec }) => spec.template.spec.containers,
}

/** Images that do what they are for, or are there to do nothing. */
const silent = /(^|\/)(proxyv2|pilot|pause)(:|@|$)|^auto$/
const sleeping = /\bsleep\b/

/** Nothing where the containers are as they were. */
export function unplayedWarnings(kind: Kind, object: KubeObject, old?: KubeObject): string[] {
  const containersOf = containersIn[resourceName(kind)]
  if (!containersOf) return []
  const containers = containersOf(object)
  if (old && isDeepStrictEqual(containers, containersOf(old))) return []
  return containers
    .filter(isUnplayed)
    .map(({ name, image }) => `sandbox: nothing is run of ${image}: nothing listens in the container ${name}`)
}

function isUnplayed(container: Container): boolean {
  const { image, args = [] } = container
  if (silent.test(image) || pullFailure(image) || courseOf(container, {}).end) return false
  const command = commandOf(container)
  return command ? !sleeping.test(command.join(' ')) : !findApplication(image) && !sleeping.test(args.join(' '))
}
