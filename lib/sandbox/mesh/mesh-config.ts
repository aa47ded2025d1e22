/** What the mesh's configuration (ConfigMap istio) says, as far as the sandbox's proxies follow it. */
import { parse } from 'yaml'
import { memo } from '../memo.ts'
import type { KubeObject } from '../objects.ts'

export const meshConfigMap = { namespace: 'istio-system', name: 'istio' }

export function isMeshConfig(resource: string, { metadata }: KubeObject): boolean {
  const { name, namespace } = meshConfigMap
  return resource === 'configmaps' && metadata.name === name && metadata.namespace === namespace
}

/** Undefined where it cannot be read. */
export const meshConfigOf = memo(({ data }: KubeObject): Readonly<Record<string, unknown>> | undefined => {
  try {
    return parse(data?.mesh ?? '') ?? {}
  } catch {
    return undefined
  }
})

/** Whether proxies write a line for each request where `kubectl logs` shows it; as profile demo has it where nothing is said. */
export function writesAccessLog(map: KubeObject | undefined): boolean {
  return map === undefined || meshConfigOf(map)?.accessLogFile === '/dev/stdout'
}
