/** Config maps and secrets. */
import type { KubeObject } from '../../objects.ts'
import { parseJson } from '../json.ts'
import { inFormat, isConfigKey } from './formats.ts'
import { forbidden, immutable, invalid, type Part, type Problem, required, tooLong } from './problems.ts'

/** The largest that is stored. */
const MOST_BYTES = 1024 * 1024

export function checkConfigMap({ data = {}, binaryData = {} }: KubeObject): Problem[] {
  const keys = Object.keys(data)
  return [
    ...keys.flatMap((key) => [
      ...inFormat(key, `data[${key}]`, isConfigKey),
      ...(Object.hasOwn(binaryData, key)
        ? [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]
        : []),
    ]),
    ...Object.keys(binaryData).flatMap((key) => inFormat(key, `binaryData[${key}]`, isConfigKey)),
    ...(size(data) + size(binaryData) > MOST_BYTES ? [tooLong('[]', MOST_BYTES)] : []),
  ]
}

const needed: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
}

export function checkSecret(secret: KubeObject): Problem[] {
  const { data = {}, type, metadata } = secret
  const account = 'kubernetes.io/service-account.name'
  return [
    ...Object.keys(data).flatMap((key) => inFormat(key, `data[${key}]`, isConfigKey)),
    ...(size(data) > MOST_BYTES ? [tooLong('data', MOST_BYTES)] : []),
    ...(needed[type] ?? []).filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`)),
    ...['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'].flatMap((name) =>
      name === type ? checkJson(data, needed[name]?.[0] ?? '') : [],
    ),
    ...(type === 'kubernetes.io/basic-auth' && !data.username && !data.password
      ? [required('data[username]'), required('data[password]')]
      : []),
    ...(type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[account]
      ? [required(`metadata.annotations[${account}]`)]
      : []),
  ]
}

/** What cannot be read is told, and not shown. */
function checkJson(data: Part, key: string): Problem[] {
  if (!Object.hasOwn(data, key)) return []
  try {
    parseJson(Buffer.from(data[key], 'base64').toString())
    return []
  } catch (error) {
    return [invalid(`data[${key}]`, '<secret contents redacted>', (error as Error).message)]
  }
}

function size(data: Part): number {
  return Object.values(data as Record<string, string>).reduce((sum, value) => sum + Buffer.byteLength(value), 0)
}

export function checkConfigMapChange(next: KubeObject, old: KubeObject): Problem[] {
  return checkFrozen(next, old, ['data', 'binaryData'])
}

export function checkSecretChange(next: KubeObject, old: KubeObject): Problem[] {
  return [...immutable(next.type, old.type, 'type', (type) => type), ...checkFrozen(next, old, ['data'])]
}

/** What is marked as immutable stays so, and as it is. */
function checkFrozen(next: KubeObject, old: KubeObject, fields: readonly string[]): Problem[] {
  if (!old.immutable) return []
  const changed = fields.filter((field) => JSON.stringify(next[field] ?? {}) !== JSON.stringify(old[field] ?? {}))
  return [...(next.immutable ? [] : ['immutable']), ...changed].map((field) =>
    forbidden(field, 'field is immutable when `immutable` is set'),
  )
}
