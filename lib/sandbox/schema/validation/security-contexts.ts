/** As whom, and with which rights, a pod and its containers run. */
import { goSyntax } from '../../go/syntax.ts'
import { checkDescending } from './descending-paths.ts'
import { inFormat } from './formats.ts'
import {
  asGo,
  type Check,
  duplicate,
  each,
  forbidden,
  inRange,
  invalid,
  notSupported,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

function checkId(id: number | undefined, path: string): Problem[] {
  return id === undefined ? [] : inRange(id, path, 0, 2 ** 31 - 1)
}

/** @param path of the pod's spec, whose fields some of it are */
export function checkPodSecurity(spec: Part, path: string): Problem[] {
  const { securityContext = {}, hostPID, shareProcessNamespace } = spec
  const at = `${path}.securityContext`
  return [
    ...checkId(securityContext.fsGroup, `${at}.fsGroup`),
    ...checkId(securityContext.runAsUser, `${at}.runAsUser`),
    ...checkId(securityContext.runAsGroup, `${at}.runAsGroup`),
    ...each(securityContext.supplementalGroups, `${at}.supplementalGroups`, checkId),
    ...(shareProcessNamespace && hostPID
      ? [invalid(`${at}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
    ...checkSysctls(spec, `${at}.sysctls`),
    ...oneOf(securityContext.fsGroupChangePolicy, `${at}.fsGroupChangePolicy`, ['Always', 'OnRootMismatch']),
    ...checkSeccomp(securityContext.seccompProfile, `${at}.seccompProfile`),
  ]
}

const SYSCTL = '([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?'

function isSysctl(name: string): string[] {
  const fits = name.length <= 253 && new RegExp(`^${SYSCTL}$`).test(name)
  return fits ? [] : [`must have at most 253 characters and match regex ^${SYSCTL}$`]
}

/** Settings of the kernel that are a namespace's own, which a pod that shares the host's does not have. */
const shared = [
  ['hostNetwork', /^net[./]/],
  ['hostIPC', /^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/],
] as const

function checkSysctls(spec: Part, path: string): Problem[] {
  const seen = new Set<string>()
  return each(spec.securityContext?.sysctls, path, ({ name = '' }, at) => {
    const problems = [
      ...(name === '' ? [required(`${at}.name`)] : inFormat(name, `${at}.name`, isSysctl)),
      ...(seen.has(name) ? [duplicate(`${at}.name`, name)] : []),
      ...shared
        .filter(([host, own]) => spec[host] && own.test(name))
        .map(([host]) => invalid(`${at}.name`, name, `may not be specified when '${host}' is true`)),
    ]
    seen.add(name)
    return problems
  })
}

const profiles = ['Localhost', 'RuntimeDefault', 'Unconfined']

function checkSeccomp(profile: Part, path: string): Problem[] {
  if (!profile) return []
  const { type, localhostProfile: file } = profile
  const at = `${path}.localhostProfile`
  return [
    ...(type
      ? oneOf(type, `${path}.type`, profiles)
      : [required(`${path}.type`, 'type is required when seccompProfile is set')]),
    ...(type === 'Localhost'
      ? file === undefined
        ? [required(at, 'must be set when seccomp type is Localhost')]
        : checkDescending(file, at)
      : file === undefined
        ? []
        : [
            invalid(
              at,
              asGo(goSyntax('core.SeccompProfile', profile)),
              'can only be set when seccomp type is Localhost',
            ),
          ]),
  ]
}

export const checkSecurityContext: Check = (context, path) => {
  const { privileged, allowPrivilegeEscalation, capabilities } = context
  const shown = () => asGo(goSyntax('core.SecurityContext', context))
  const cannot = 'cannot set `allowPrivilegeEscalation` to false and'
  const isAdmin = capabilities?.add?.includes('CAP_SYS_ADMIN')
  return [
    ...checkId(context.runAsUser, `${path}.runAsUser`),
    ...checkId(context.runAsGroup, `${path}.runAsGroup`),
    ...oneOf(context.procMount, `${path}.procMount`, ['Default', 'Unmasked']),
    ...checkSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...(allowPrivilegeEscalation === false && privileged
      ? [invalid(path, shown(), `${cannot} \`privileged\` to true`)]
      : []),
    ...(allowPrivilegeEscalation === false && isAdmin
      ? [invalid(path, shown(), `${cannot} \`capabilities.Add\` CAP_SYS_ADMIN`)]
      : []),
  ]
}

interface Foreign {
  pod: readonly string[]
  securityContext: readonly string[]
  container: readonly string[]
  message: string
}

/** What a system does not know, by where in a pod it stands. */
const foreign: Readonly<Record<string, Foreign>> = {
  linux: {
    pod: [],
    securityContext: ['windowsOptions'],
    container: ['windowsOptions'],
    message: 'windows options cannot be set for a linux pod',
  },
  windows: {
    pod: ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'],
    securityContext: [
      'seLinuxOptions',
      'seccompProfile',
      'fsGroup',
      'fsGroupChangePolicy',
      'sysctls',
      'runAsUser',
      'runAsGroup',
      'supplementalGroups',
    ],
    container: [
      'seLinuxOptions',
      'seccompProfile',
      'capabilities',
      'readOnlyRootFilesystem',
      'privileged',
      'allowPrivilegeEscalation',
      'procMount',
      'runAsUser',
      'runAsGroup',
    ],
    message: 'cannot be set for a windows pod',
  },
}

/** What a pod says of its system, and what does not go with that. */
export function checkSystem(spec: Part, path: string): Problem[] {
  if (!spec.os) return []
  const { name = '' } = spec.os
  const rules = foreign[name]
  if (name === '') return [required(`${path}.os.name`, 'cannot be empty')]
  if (!rules) return [notSupported(`${path}.os`, name, Object.keys(foreign))]
  const set = (part: Part, fields: readonly string[], at: string) =>
    fields
      .filter((field) => (part?.[field] ?? false) !== false)
      .map((field) => forbidden(`${at}.${field}`, rules.message))
  return [
    ...set(spec, rules.pod, path),
    ...set(spec.securityContext, rules.securityContext, `${path}.securityContext`),
    ...['initContainers', 'containers'].flatMap((list) =>
      each(spec[list], `${path}.${list}`, (one, at) =>
        set(one.securityContext, rules.container, `${at}.securityContext`),
      ),
    ),
  ]
}
