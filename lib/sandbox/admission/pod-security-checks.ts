/** The Pod Security Standards: what pods must not ask for (k8s.io/pod-security-admission/policy of 1.29). */
import type { KubeObject } from '../objects.ts'

export type Level = 'privileged' | 'baseline' | 'restricted'

/** Why a pod is not let in, and by which of its parts. */
export interface Violation {
  reason: string
  detail: string
}

// biome-ignore lint/suspicious/noExplicitAny: parts of a pod are known by the schema
type Part = any

interface Check {
  level: 'baseline' | 'restricted'
  /** The minor version of Kubernetes that began with it; absent for all. */
  since?: number
  /** The check of baseline in whose place this one stands. */
  instead?: Check
  find: (pod: KubeObject) => Violation | undefined
}

/**
 * Where a pod does not fit a level.
 * @param pod or the template of one
 * @param minor of the version of the standards that is meant
 */
export function violations(pod: KubeObject, level: Level, minor: number): Violation[] {
  const levels = { privileged: [], baseline: ['baseline'], restricted: ['baseline', 'restricted'] }[level] as string[]
  const meant = checks.filter((check) => levels.includes(check.level) && minor >= (check.since ?? 0))
  const replaced = meant.map(({ instead }) => instead)
  return meant.filter((check) => !replaced.includes(check)).flatMap(({ find }) => find(pod) ?? [])
}

function containers({ spec }: KubeObject): Part[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])]
}

/** Containers by what their security context says. */
function containersWhere(pod: KubeObject, isMeant: (context: Part, container: Part) => boolean): Part[] {
  return containers(pod).filter((container) => isMeant(container.securityContext ?? {}, container))
}

const quoted = (names: readonly string[]) => names.map((name) => JSON.stringify(name)).join(', ')
const plural = (word: string, list: readonly unknown[]) => `${word}${list.length === 1 ? '' : 's'}`
const sorted = <T>(values: readonly T[]): T[] => [...new Set(values)].sort()
/** `containers "a", "b"` */
const named = (list: readonly Part[], word = 'container') =>
  `${plural(word, list)} ${quoted(list.map(({ name }) => name))}`

function violation(reason: string, details: readonly (string | false)[], separator = '; '): Violation | undefined {
  const found = details.filter((detail) => detail !== false)
  return found.length > 0 ? { reason, detail: found.join(separator) } : undefined
}

/** `pod and container "a"`: who of them sets something. */
function setters(isPod: boolean, list: readonly Part[]): string | undefined {
  const found = [...(isPod ? ['pod'] : []), ...(list.length > 0 ? [named(list)] : [])]
  return found.length > 0 ? found.join(' and ') : undefined
}

const defaultCapabilities = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]

/** Which containers add capabilities that are not allowed. */
function added(pod: KubeObject, allowed: readonly string[]): string | false {
  const wrong = ({ capabilities }: Part): string[] =>
    (capabilities?.add ?? []).filter((name: string) => !allowed.includes(name))
  const found = containersWhere(pod, (context) => wrong(context).length > 0)
  const names = sorted(found.flatMap(({ securityContext }) => wrong(securityContext)))
  return found.length > 0 && `${named(found)} must not include ${quoted(names)} in securityContext.capabilities.add`
}

const capabilitiesBaseline: Check = {
  level: 'baseline',
  find: (pod) => violation('non-default capabilities', [added(pod, defaultCapabilities)]),
}

const hostNamespaces: Check = {
  level: 'baseline',
  find: ({ spec }) =>
    violation(
      'host namespaces',
      ['hostNetwork', 'hostPID', 'hostIPC'].map((name) => Boolean(spec[name]) && `${name}=true`),
      ', ',
    ),
}

const hostPathVolumes: Check = {
  level: 'baseline',
  find: ({ spec }) => {
    const found = (spec.volumes ?? []).filter(({ hostPath }: Part) => hostPath)
    return violation('hostPath volumes', [found.length > 0 && named(found, 'volume')])
  },
}

const hostPorts: Check = {
  level: 'baseline',
  find: (pod) => {
    const portsOf = ({ ports = [] }: Part): string[] =>
      ports.flatMap(({ hostPort }: Part) => (hostPort ? String(hostPort) : []))
    const found = containers(pod).filter((container) => portsOf(container).length > 0)
    const ports = sorted(found.flatMap(portsOf))
    const use = found.length === 1 ? 'uses' : 'use'
    return violation('hostPort', [
      found.length > 0 && `${named(found)} ${use} ${plural('hostPort', ports)} ${ports.join(', ')}`,
    ])
  },
}

const privileged: Check = {
  level: 'baseline',
  find: (pod) => {
    const found = containersWhere(pod, (context) => context.privileged)
    return violation('privileged', [found.length > 0 && `${named(found)} must not set securityContext.privileged=true`])
  },
}

const seLinuxTypes = ['', 'container_t', 'container_init_t', 'container_kvm_t']

const seLinuxOptions: Check = {
  level: 'baseline',
  find: (pod) => {
    const wrongType = ({ type = '' }: Part) => !seLinuxTypes.includes(type)
    const isWrong = ({ seLinuxOptions: options = {} }: Part) => wrongType(options) || options.user || options.role
    const isPod = Boolean(isWrong(pod.spec.securityContext ?? {}))
    const found = containersWhere(pod, isWrong)
    const options: Part[] = [...(isPod ? [pod.spec] : []), ...found].map(
      ({ securityContext }) => securityContext.seLinuxOptions,
    )
    const types = sorted(options.filter(wrongType).map(({ type }) => type as string))
    const what = [
      ...(types.length > 0 ? [`${plural('type', types)} ${quoted(types)}`] : []),
      ...(options.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(options.some(({ role }) => role) ? ['role may not be set'] : []),
    ]
    const who = setters(isPod, found)
    return violation('seLinuxOptions', [
      who !== undefined && `${who} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    ])
  },
}

const profileOf = ({ seccompProfile }: Part): string | undefined => seccompProfile?.type

/** Who sets a profile other than these. */
function wrongProfiles(pod: KubeObject): string | false {
  const isWrong = (context: Part) => ![undefined, 'RuntimeDefault', 'Localhost'].includes(profileOf(context))
  const context = pod.spec.securityContext ?? {}
  const found = containersWhere(pod, isWrong)
  const who = setters(isWrong(context), found)
  const profiles = [context, ...found.map(({ securityContext }) => securityContext)].filter(isWrong).map(profileOf)
  return (
    who !== undefined &&
    `${who} must not set securityContext.seccompProfile.type to ${quoted(sorted(profiles as string[]))}`
  )
}

const seccompBaseline: Check = {
  level: 'baseline',
  find: (pod) => violation('seccompProfile', [wrongProfiles(pod)]),
}

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
]

const sysctls: Check = {
  level: 'baseline',
  find: ({ spec }) => {
    const names: string[] = (spec.securityContext?.sysctls ?? []).map(({ name }: Part) => name)
    return violation(
      'forbidden sysctls',
      names.filter((name) => !safeSysctls.includes(name)),
      ', ',
    )
  },
}

const allowPrivilegeEscalation: Check = {
  level: 'restricted',
  find: (pod) => {
    const found = containersWhere(pod, (context) => context.allowPrivilegeEscalation !== false)
    return violation('allowPrivilegeEscalation != false', [
      found.length > 0 && `${named(found)} must set securityContext.allowPrivilegeEscalation=false`,
    ])
  },
}

const capabilitiesRestricted: Check = {
  level: 'restricted',
  since: 22,
  instead: capabilitiesBaseline,
  find: (pod) => {
    const keeping = containersWhere(pod, ({ capabilities }) => !capabilities?.drop?.includes('ALL'))
    return violation('unrestricted capabilities', [
      keeping.length > 0 && `${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`,
      added(pod, ['NET_BIND_SERVICE']),
    ])
  },
}

const volumeTypes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]

const restrictedVolumes: Check = {
  level: 'restricted',
  instead: hostPathVolumes,
  find: ({ spec }) => {
    const wrong = (volume: Part) => Object.keys(volume).filter((key) => key !== 'name' && !volumeTypes.includes(key))
    const found = (spec.volumes ?? []).filter((volume: Part) => wrong(volume).length > 0)
    const types = sorted(found.flatMap(wrong) as string[])
    const use = found.length === 1 ? 'uses' : 'use'
    return violation('restricted volume types', [
      found.length > 0 &&
        `${named(found, 'volume')} ${use} restricted volume ${plural('type', types)} ${quoted(types)}`,
    ])
  },
}

const runAsNonRoot: Check = {
  level: 'restricted',
  find: (pod) => {
    const asked = pod.spec.securityContext?.runAsNonRoot
    const who = setters(
      asked === false,
      containersWhere(pod, (context) => context.runAsNonRoot === false),
    )
    const silent = containersWhere(pod, (context) => context.runAsNonRoot === undefined && asked !== true)
    return violation('runAsNonRoot != true', [
      who !== undefined && `${who} must not set securityContext.runAsNonRoot=false`,
      who === undefined && silent.length > 0 && `pod or ${named(silent)} must set securityContext.runAsNonRoot=true`,
    ])
  },
}

const runAsUser: Check = {
  level: 'restricted',
  since: 23,
  find: (pod) => {
    const isRoot = (context: Part) => context.runAsUser === 0
    const who = setters(isRoot(pod.spec.securityContext ?? {}), containersWhere(pod, isRoot))
    return violation('runAsUser=0', [who !== undefined && `${who} must not set runAsUser=0`])
  },
}

const seccompRestricted: Check = {
  level: 'restricted',
  since: 19,
  instead: seccompBaseline,
  find: (pod) => {
    const wrong = wrongProfiles(pod)
    const hasDefault = profileOf(pod.spec.securityContext ?? {}) !== undefined
    const silent = containersWhere(pod, (context) => profileOf(context) === undefined && !hasDefault)
    return violation('seccompProfile', [
      wrong,
      !wrong &&
        silent.length > 0 &&
        `pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    ])
  },
}

/** In the order in which the server names them. */
const checks: readonly Check[] = [
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  privileged,
  seLinuxOptions,
  seccompBaseline,
  sysctls,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
]
