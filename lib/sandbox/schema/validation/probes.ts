/** Probes and life cycle hooks of a container. */
import { isHttpHeader } from './formats.ts'
import { checkPort, checkPortOrName } from './ports.ts'
import {
  type Check,
  forbidden,
  inRange,
  invalid,
  nonNegative,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const handlers: Readonly<Record<string, Check>> = {
  exec: ({ command }, path) => (command?.length ? [] : [required(`${path}.command`)]),
  httpGet: ({ path: url, port, scheme, httpHeaders = [] }, path) => [
    ...(url ? [] : [required(`${path}.path`)]),
    ...checkPortOrName(port, `${path}.port`),
    ...oneOf(scheme, `${path}.scheme`, ['HTTP', 'HTTPS']),
    ...httpHeaders.flatMap(({ name = '' }: Part) =>
      isHttpHeader(name).map((text) => invalid(`${path}.httpHeaders`, name, text)),
    ),
  ],
  tcpSocket: ({ port }, path) => checkPortOrName(port, `${path}.port`),
  grpc: ({ port }, path) => checkPort(port, `${path}.port`),
}

const checkHandler: Check = (part, path) => {
  const given = Object.keys(handlers).filter((name) => part[name])
  const [first, ...others] = given
  if (first === undefined) return [required(path, 'must specify a handler type')]
  return [
    ...(handlers[first]?.(part[first], `${path}.${first}`) ?? []),
    ...others.map((name) => forbidden(`${path}.${name}`, 'may not specify more than 1 handler type')),
  ]
}

const numbers = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']

const checkProbe: Check = (probe, path) => [
  ...checkHandler(probe, path),
  ...numbers.flatMap((name) => nonNegative(probe[name], `${path}.${name}`)),
  ...(probe.terminationGracePeriodSeconds <= 0
    ? [invalid(`${path}.terminationGracePeriodSeconds`, probe.terminationGracePeriodSeconds, 'must be greater than 0')]
    : []),
]

const checkSingleSuccess: Check = (probe, path) => [
  ...checkProbe(probe, path),
  ...(probe.successThreshold === 1 ? [] : [invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1')]),
]

const checkReadiness: Check = (probe, path) => [
  ...checkProbe(probe, path),
  ...(probe.terminationGracePeriodSeconds === undefined
    ? []
    : [
        invalid(
          `${path}.terminationGracePeriodSeconds`,
          probe.terminationGracePeriodSeconds,
          'must not be set for readinessProbes',
        ),
      ]),
]

const checkLifecycle: Check = (lifecycle, path) =>
  ['postStart', 'preStop'].flatMap((name) => (lifecycle[name] ? checkHook(lifecycle[name], `${path}.${name}`) : []))

/** A hook may also just wait. */
const checkHook: Check = ({ sleep, ...hook }, path) =>
  sleep && Object.keys(hook).length === 0
    ? inRange(sleep.seconds ?? 0, `${path}.sleep`, 1, 2 ** 31 - 1)
    : checkHandler(hook, path)

/** In the order in which the server looks at them. */
export const lifecycleChecks: Readonly<Record<string, Check>> = {
  lifecycle: checkLifecycle,
  livenessProbe: checkSingleSuccess,
  readinessProbe: checkReadiness,
  startupProbe: checkSingleSuccess,
}

export function checkLifecycles(container: Part, path: string): Problem[] {
  return Object.entries(lifecycleChecks).flatMap(([name, check]) =>
    container[name] ? check(container[name], `${path}.${name}`) : [],
  )
}
