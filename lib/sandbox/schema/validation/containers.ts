/** Containers of a pod. */
import { checkDescending } from './descending-paths.ts'
import { checkEnv, checkEnvFrom } from './env.ts'
import { inFormat, isDnsLabel, isPortName } from './formats.ts'
import { checkPort, protocols } from './ports.ts'
import { checkLifecycles, lifecycleChecks } from './probes.ts'
import {
  type Check,
  duplicate,
  duplicates,
  each,
  forbidden,
  invalid,
  notFound,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'
import { checkResources } from './resources.ts'
import { checkSecurityContext } from './security-contexts.ts'

/** @param volumes the names of the pod's volumes that are as they must be */
export function checkContainers(pod: Part, volumes: readonly string[], path: string): Problem[] {
  const containers = (pod.containers ?? []) as Part[]
  if (containers.length === 0) return [required(`${path}.containers`)]
  return [
    ...each(containers, `${path}.containers`, (container, at) => [
      ...checkContainer(container, volumes, at),
      ...checkLifecycles(container, at),
      ...(container.restartPolicy === undefined
        ? []
        : [forbidden(`${at}.restartPolicy`, 'may not be set for non-init containers')]),
    ]),
    ...duplicates(
      containers.map(({ name = '' }) => name),
      (index) => `${path}.containers[${index}].name`,
    ),
    ...checkHostPorts(containers, `${path}.containers`),
  ]
}

export function checkInitContainers(pod: Part, volumes: readonly string[], path: string): Problem[] {
  const names = new Set(((pod.containers ?? []) as Part[]).map(({ name }) => name))
  return each(pod.initContainers, `${path}.initContainers`, (container, at) => {
    const isTaken = names.has(container.name)
    if (container.name) names.add(container.name)
    return [
      ...checkContainer(container, volumes, at),
      ...oneOf(container.restartPolicy, `${at}.restartPolicy`, ['Always']),
      ...(isTaken ? [duplicate(`${at}.name`, container.name)] : []),
      ...(container.restartPolicy === 'Always' ? checkLifecycles(container, at) : checkNoLifecycles(container, at)),
    ]
  })
}

const checkNoLifecycles: Check = (container, path) =>
  Object.keys(lifecycleChecks)
    .filter((name) => container[name])
    .map((name) => forbidden(`${path}.${name}`, 'may not be set for init containers without restartPolicy=Always'))

function checkContainer(container: Part, volumes: readonly string[], path: string): Problem[] {
  const { name, image, terminationMessagePolicy, ports, env, envFrom, volumeMounts, imagePullPolicy } = container
  return [
    ...(name ? inFormat(name, `${path}.name`, isDnsLabel) : [required(`${path}.name`)]),
    ...(image ? [] : [required(`${path}.image`)]),
    ...oneOf(terminationMessagePolicy, `${path}.terminationMessagePolicy`, ['File', 'FallbackToLogsOnError']),
    ...checkPorts(ports, `${path}.ports`),
    ...each(env, `${path}.env`, checkEnv),
    ...checkEnvFrom(envFrom, `${path}.envFrom`),
    ...checkMounts(volumeMounts, volumes, `${path}.volumeMounts`),
    ...oneOf(imagePullPolicy, `${path}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
    ...checkResources(container.resources ?? {}, `${path}.resources`),
    ...checkSecurityContext(container.securityContext ?? {}, `${path}.securityContext`),
  ]
}

/** What only the image of a container of a pod itself is asked, not of a template's. */
export function checkImages(pod: Part, path: string): Problem[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    each(pod[list], `${path}.${list}`, ({ image }, at) =>
      image && image.trim() !== image
        ? [invalid(`${at}.image`, image, 'must not have leading or trailing whitespace')]
        : [],
    ),
  )
}

function checkPorts(ports: Part, path: string): Problem[] {
  const names = new Set<string>()
  return each(ports, path, ({ name, containerPort, hostPort, protocol }, at) => {
    const malformed = name ? inFormat(name, `${at}.name`, isPortName) : []
    const isTaken = malformed.length === 0 && name && names.has(name)
    if (name) names.add(name)
    return [
      ...malformed,
      ...(isTaken ? [duplicate(`${at}.name`, name)] : []),
      ...(containerPort ? checkPort(containerPort, `${at}.containerPort`) : [required(`${at}.containerPort`)]),
      ...(hostPort ? checkPort(hostPort, `${at}.hostPort`) : []),
      ...oneOf(protocol, `${at}.protocol`, protocols),
    ]
  })
}

/** Two containers of a pod cannot have the same port of the host. */
function checkHostPorts(containers: readonly Part[], path: string): Problem[] {
  const taken = new Set<string>()
  return containers.flatMap(({ ports }, index) =>
    each(ports, `${path}[${index}].ports`, ({ hostPort, protocol, hostIP = '' }, at) => {
      if (!hostPort) return []
      const port = `${protocol}/${hostIP}/${hostPort}`
      if (taken.has(port)) return [duplicate(`${at}.hostPort`, port)]
      taken.add(port)
      return []
    }),
  )
}

function checkMounts(mounts: Part, volumes: readonly string[], path: string): Problem[] {
  const taken = new Set<string>()
  return each(mounts, path, ({ name, mountPath, subPath }, at) => {
    const isTaken = taken.has(mountPath)
    taken.add(mountPath)
    return [
      ...(name ? [] : [required(`${at}.name`)]),
      ...(volumes.includes(name) ? [] : [notFound(`${at}.name`, name)]),
      ...(mountPath ? [] : [required(`${at}.mountPath`)]),
      ...(isTaken ? [invalid(`${at}.mountPath`, mountPath, 'must be unique')] : []),
      ...(subPath ? checkDescending(subPath, `${path}.subPath`) : []),
    ]
  })
}
