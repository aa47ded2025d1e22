/** Annotations with which a pod chooses what its proxy is like. */
import type { KubeObject, Labels } from '../objects.ts'
import { isObject } from '../schema/merge-patch.ts'
import { StatusError } from '../status.ts'
import { annotationError, readConfig } from './annotation-values.ts'

/** Templates of Istio 1.21.2, of which the sandbox has the first two. */
const templates: readonly string[] = ['gateway', 'sidecar', 'grpc-agent', 'grpc-simple', 'kube-gateway', 'waypoint']

/**
 * Of a pod that asks for none it is the sidecar's.
 * @throws StatusError 400 in the words of the webhook of that name where there is no such template, or an annotation
 * cannot be read
 */
export function templateOf({ metadata }: KubeObject, webhook: string): 'sidecar' | 'gateway' {
  const { annotations = {} } = metadata
  const wrong = annotationError(annotations)
  if (wrong !== undefined) throw refused(webhook, wrong)
  const asked = (annotations['inject.istio.io/templates'] ?? 'sidecar').split(',').map((name) => name.trim())
  const unknown = asked.find((name) => !templates.includes(name))
  if (unknown !== undefined)
    throw refused(webhook, `requested template "${unknown}" not found; have ${[...templates].sort().join(', ')}`)
  return asked.includes('gateway') ? 'gateway' : 'sidecar'
}

function refused(webhook: string, why: string): StatusError {
  const words = `denied the request: failed to run injection template: ${why}`
  return new StatusError(400, undefined, `admission webhook "${webhook}" ${words}`)
}

/** `proxy.istio.io/config`: a part of Istio's ProxyConfig, as YAML. What cannot be read counts as nothing. */
export function proxyConfigOf({ metadata }: KubeObject): Record<string, unknown> {
  const config = readConfig(metadata.annotations?.['proxy.istio.io/config'] ?? '')
  return isObject(config) ? config : {}
}

const effects = {
  full: [
    'istio.io/rev',
    'inject.istio.io/templates',
    'proxy.istio.io/config',
    'proxy.istio.io/overrides',
    'sidecar.istio.io/inject',
    'sidecar.istio.io/status',
    'sidecar.istio.io/proxyCPU',
    'sidecar.istio.io/proxyCPULimit',
    'sidecar.istio.io/proxyMemory',
    'sidecar.istio.io/proxyMemoryLimit',
    'sidecar.istio.io/proxyImage',
    'sidecar.istio.io/logLevel',
    'sidecar.istio.io/componentLogLevel',
    'sidecar.istio.io/agentLogLevel',
    'sidecar.istio.io/rewriteAppHTTPProbers',
    'readiness.status.sidecar.istio.io/initialDelaySeconds',
    'readiness.status.sidecar.istio.io/periodSeconds',
    'readiness.status.sidecar.istio.io/failureThreshold',
  ],
  argumentsOnly: [
    'traffic.sidecar.istio.io/includeOutboundIPRanges',
    'traffic.sidecar.istio.io/excludeOutboundIPRanges',
    'traffic.sidecar.istio.io/includeInboundPorts',
    'traffic.sidecar.istio.io/excludeInboundPorts',
    'traffic.sidecar.istio.io/includeOutboundPorts',
    'traffic.sidecar.istio.io/excludeOutboundPorts',
    'traffic.sidecar.istio.io/kubevirtInterfaces',
    'traffic.sidecar.istio.io/excludeInterfaces',
  ],
}

/** Which of a pod's annotations do less than on a real cluster. */
export function annotationWarnings(annotations: Labels): string[] {
  return Object.entries(annotations)
    .filter(([key]) => /^([^/]+\.)?istio\.io\//.test(key) && !effects.full.includes(key))
    .map(([key]) =>
      effects.argumentsOnly.includes(key)
        ? `sandbox: ${key} changes istio-init's arguments alone, all traffic still goes through the sidecar`
        : `sandbox: ${key} has no effect`,
    )
}

/** The annotations by which istiod injects: a pod's own, or those of the pods that an object makes. */
export function podAnnotations({ kind, metadata, spec }: KubeObject): Labels {
  return (kind === 'Pod' ? metadata : spec?.template?.metadata)?.annotations ?? {}
}
