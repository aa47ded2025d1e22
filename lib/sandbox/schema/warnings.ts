/** What the server takes but warns of: fields that do nothing, or not what they seem to. */
import { isIP } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { addressError } from '../go/addresses.ts'
import { type Kind, resourceName } from '../kinds/kind.ts'
import type { KubeObject } from '../objects.ts'
import { nanosOf } from './quantity.ts'
import { isDnsLabel } from './validation/formats.ts'
import { isKnownFinalizer } from './validation/metadata.ts'
import type { Part } from './validation/problems.ts'

type Warn = (object: KubeObject) => string[]

const usedInNames = 'metadata.name: this is used in Pod names and hostnames'
const usedAsHostname = "metadata.name: this is used in the Pod's hostname"

const template: Warn = ({ spec }) => ofPodSpec(spec.template?.spec ?? {}, 'spec.template.spec')

/** By resource: of its name when it is new, of its content whenever that changes. */
const warnings: Readonly<Record<string, { name?: string; content: Warn }>> = {
  pods: { name: usedAsHostname, content: ({ spec }) => ofPodSpec(spec, 'spec') },
  services: { content: ofService },
  'deployments.apps': { name: usedInNames, content: template },
  'replicasets.apps': { name: usedInNames, content: template },
  'statefulsets.apps': { content: template },
  'daemonsets.apps': { content: template },
  'jobs.batch': { name: usedInNames, content: template },
  'cronjobs.batch': {
    name: usedInNames,
    content: ({ spec }) =>
      ofPodSpec(spec.jobTemplate?.spec?.template?.spec ?? {}, 'spec.jobTemplate.spec.template.spec'),
  },
}

/**
 * Texts for `Warning:` headers.
 * @param old as it is stored; undefined for an object that is created
 */
export function objectWarnings(kind: Kind, object: KubeObject, old?: KubeObject): string[] {
  if (kind.custom) return finalizerWarnings(object, old)
  const { name, content } = warnings[resourceName(kind)] ?? {}
  if (!content || (old && isDeepStrictEqual(old.spec, object.spec))) return []
  const wrong = name && !old ? isDnsLabel(object.metadata.name) : []
  return [
    ...(wrong.length > 0
      ? [`${name}, which can result in surprising behavior; a DNS label is recommended: [${wrong.join(' ')}]`]
      : []),
    ...content(object),
  ]
}

function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  return [...new Set(metadata.finalizers)]
    .filter((name) => !old?.metadata.finalizers?.includes(name))
    .filter((name) => !isKnownFinalizer(name))
    .sort()
    .map(
      (name) =>
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    )
}

const deprecatedVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageOS: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
}

const deprecatedNodeLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
}

function ofPodSpec(spec: Part, path: string): string[] {
  const secrets = (spec.imagePullSecrets ?? []) as { name?: string }[]
  const containers = ['initContainers', 'containers'].flatMap((list) =>
    ((spec[list] ?? []) as Part[]).map((container, index) => [container, `${path}.${list}[${index}]`] as const),
  )
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((name) =>
      Object.hasOwn(deprecatedNodeLabels, name) ? [`${path}.nodeSelector[${name}]: ${deprecatedNodeLabels[name]}`] : [],
    ),
    ...((spec.topologySpreadConstraints ?? []) as Part[]).flatMap(({ labelSelector }, index) =>
      labelSelector
        ? []
        : [
            `${path}.topologySpreadConstraints[${index}].labelSelector: a null labelSelector results in matching no pod`,
          ],
    ),
    ...((spec.volumes ?? []) as Part[]).flatMap((volume, index) =>
      Object.keys(volume).flatMap((type) =>
        Object.hasOwn(deprecatedVolumes, type) ? [`${path}.volumes[${index}].${type}: ${deprecatedVolumes[type]}`] : [],
      ),
    ),
    ...repeated(((spec.hostAliases ?? []) as Part[]).map(({ ip }) => ip)).map(
      ([ip, index]) => `${path}.hostAliases[${index}].ip: duplicate ip "${ip}"`,
    ),
    ...repeated(secrets.map(({ name = '' }) => name)).map(
      ([name, index]) => `${path}.imagePullSecrets[${index}].name: duplicate name "${name}"`,
    ),
    ...secrets.flatMap(({ name }, index) =>
      name ? [] : [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`],
    ),
    ...containers.flatMap(([container, at]) => [...ofResources(container, at), ...ofEnv(container, at)]),
    ...ofPorts(containers),
    ...(spec.terminationGracePeriodSeconds < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
  ]
}

/** The second and every further one of equal texts, with its place. */
function repeated(texts: readonly string[]): [text: string, index: number][] {
  return [...texts.entries()].flatMap(([index, text]) => (texts.indexOf(text) < index ? [[text, index]] : []))
}

/** Memory comes in whole bytes. */
function ofResources({ resources = {} }: Part, path: string): string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) =>
    ['limits', 'requests'].flatMap((list) => {
      const amount = resources[list]?.[name]
      const isWhole = amount === undefined || nanosOf(amount) % 1_000_000_000n === 0n
      return isWhole
        ? []
        : [`${path}.resources.${list}[${name}]: fractional byte value "${amount}" is invalid, must be an integer`]
    }),
  )
}

function ofEnv({ env = [] }: Part, path: string): string[] {
  const names = (env as Part[]).map(({ name }) => name)
  return repeated(names).flatMap(([name, index]) => {
    const { value = '', valueFrom } = env[index]
    const reference = `$(${name})`
    const isBuiltOn = !valueFrom && value !== reference && value.includes(reference)
    return isBuiltOn ? [] : [`${path}.env[${index}]: hides previous definition of "${name}"`]
  })
}

function ofPorts(containers: readonly (readonly [Part, string])[]): string[] {
  const seen: { key: string; port: Part; at: string }[] = []
  return containers.flatMap(([{ ports = [] }, path]) =>
    (ports as Part[]).flatMap((port, index) => {
      const at = `${path}.ports[${index}]`
      const key = `${port.containerPort}/${port.protocol}`
      const found = seen.filter((other) => other.key === key).flatMap((other) => overlap(port, other, at))
      seen.push({ key, port, at })
      return found
    }),
  )
}

function overlap(port: Part, { port: other, at: place }: { port: Part; at: string }, at: string): string[] {
  const [ip, otherIp] = [port.hostIP ?? '', other.hostIP ?? '']
  const [host, otherHost] = [port.hostPort ?? 0, other.hostPort ?? 0]
  if (ip === otherIp && host === otherHost) return [`${at}: duplicate port definition with ${place}`]
  if (host === 0 || otherHost === 0) return [`${at}: overlapping port definition with ${place}`]
  const isAmbiguous = host === otherHost && (ip === '') !== (otherIp === '')
  return isAmbiguous ? [`${at}: dangerously ambiguous port definition with ${place}`] : []
}

function ofService({ spec }: KubeObject): string[] {
  const isName = spec.type === 'ExternalName'
  const { loadBalancerIP: ip } = spec
  return [
    ...(ip && !isIP(ip)
      ? [
          `spec.loadBalancerIP: IP address was accepted, but will be invalid in a future Kubernetes release: ${addressError(ip)}`,
        ]
      : []),
    ...(isName && spec.externalIPs?.length ? ['spec.externalIPs is ignored when spec.type is "ExternalName"'] : []),
    ...(!isName && spec.externalName ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []),
  ]
}
