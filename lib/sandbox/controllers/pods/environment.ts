/** The variables that a container's program finds, as far as they are known. */
import type { KubeObject } from '../../objects.ts'
import { isObject } from '../../schema/merge-patch.ts'
import { parseQuantity } from '../../schema/quantity.ts'
import type { Container } from './pod.ts'
import type { Find } from './references.ts'

/** By name; undefined of one that may be anything. */
export type Environment = ReadonlyMap<string, string | undefined>

/** Where a container is, and how ConfigMaps and Secrets of its namespace are found; what is not given is not known. */
export interface Surroundings {
  pod?: KubeObject
  find?: Find
}

interface KeyRef {
  name: string
  key: string
}

interface EnvVar {
  name: string
  value?: string
  valueFrom?: {
    fieldRef?: { fieldPath: string }
    resourceFieldRef?: { containerName?: string; resource: string; divisor?: string }
    configMapKeyRef?: KeyRef
    secretKeyRef?: KeyRef
  }
}

interface EnvFrom {
  prefix?: string
  configMapRef?: { name: string }
  secretRef?: { name: string }
}

/** Undefined: there are variables whose very names are not known. */
export function environmentOf(container: Container, { pod, find }: Surroundings): Environment | undefined {
  const { env = [], envFrom = [] } = container as { env?: EnvVar[]; envFrom?: EnvFrom[] }
  if (envFrom.length > 0 && !find) return undefined
  const known = new Map<string, string | undefined>([['HOSTNAME', pod?.spec?.hostname ?? pod?.metadata.name]])
  for (const { prefix = '', configMapRef, secretRef } of envFrom)
    for (const [key, value] of Object.entries(contentOf(find, configMapRef?.name, secretRef?.name)))
      known.set(`${prefix}${key}`, value)
  for (const { name, value = '', valueFrom } of env)
    known.set(name, valueFrom ? sourced(valueFrom, container, pod, find) : expanded(value, known))
  return known
}

/** `$(NAME)` where there is such a variable; `$$` is a `$`. */
export function expanded(text: string, known: Environment): string {
  return text.replace(/\$\$|\$\((\w+)\)/g, (all, name?: string) =>
    name === undefined ? '$' : ((known.has(name) ? known.get(name) : undefined) ?? all),
  )
}

function contentOf(find: Find | undefined, configMap: string | undefined, secret: string | undefined): Content {
  if (configMap !== undefined) return find?.('configmaps', configMap)?.data ?? {}
  const data: Content = (secret !== undefined && find?.('secrets', secret)?.data) || {}
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}

type Content = Record<string, string>

function sourced(
  { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef }: NonNullable<EnvVar['valueFrom']>,
  container: Container,
  pod: KubeObject | undefined,
  find: Find | undefined,
): string | undefined {
  if (fieldRef) return fieldOf(pod, fieldRef.fieldPath)
  if (resourceFieldRef) return amountOf(resourceFieldRef, container)
  if (!find) return undefined
  const content = contentOf(find, configMapKeyRef?.name, secretKeyRef?.name)
  // One that is optional, and not there, is not set.
  return content[(configMapKeyRef ?? secretKeyRef)?.key ?? ''] ?? ''
}

/** `metadata.name`, `metadata.labels['app']`, `status.podIP` */
function fieldOf(pod: KubeObject | undefined, path: string): string | undefined {
  const key = /^(?<map>metadata\.(labels|annotations))\['(?<name>.*)'\]$/.exec(path)?.groups
  const names = key ? [...(key.map as string).split('.'), key.name as string] : path.split('.')
  const value = names.reduce((part: unknown, name) => (isObject(part) ? part[name] : undefined), pod)
  return typeof value === 'string' ? value : undefined
}

/** `limits.cpu` of the container itself, rounded up to whole divisors. */
function amountOf(
  { containerName, resource, divisor = '1' }: { containerName?: string; resource: string; divisor?: string },
  { name, resources }: Container,
): string | undefined {
  if (containerName && containerName !== name) return undefined
  const [kind = '', ...of] = resource.split('.')
  const [amount, unit] = [parseQuantity(resources?.[kind]?.[of.join('.')] ?? ''), parseQuantity(divisor)]
  const step = unit?.nanos || parseQuantity('1')?.nanos
  return amount && step ? String((amount.nanos + step - 1n) / step) : undefined
}
