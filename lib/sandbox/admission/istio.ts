/** What istiod's validating webhook says of an object (Istio 1.21, pkg/config/validation). */
import type { KubeObject } from '../objects.ts'
import { StatusError } from '../status.ts'
import { checkPeerAuthentication, checkRequestAuthentication } from './istio/authentication.ts'
import { checkAuthorizationPolicy } from './istio/authorization-policy.ts'
import { checkBytes } from './istio/bytes.ts'
import { checkDestinationRule } from './istio/destination-rule.ts'
import { checkDurations } from './istio/durations.ts'
import { checkEnvoyFilter } from './istio/envoy-filter.ts'
import { checkProxyConfig, checkTelemetry, checkWasmPlugin } from './istio/extensions.ts'
import { checkGateway } from './istio/gateway.ts'
import { checkNumbers } from './istio/numbers.ts'
import type { Problems } from './istio/problems.ts'
import { checkServiceEntry } from './istio/service-entry.ts'
import { checkSidecar } from './istio/sidecar.ts'
import { unsupportedFields } from './istio/unsupported.ts'
import { checkVirtualService } from './istio/virtual-service.ts'
import { checkWorkloadEntry, checkWorkloadGroup } from './istio/workload-entry.ts'

// biome-ignore lint/suspicious/noExplicitAny: a spec is known by its kind's schema
type Check = (object: any) => Problems

const checks: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  'networking.istio.io': {
    VirtualService: checkVirtualService,
    DestinationRule: checkDestinationRule,
    Gateway: checkGateway,
    ServiceEntry: checkServiceEntry,
    Sidecar: checkSidecar,
    EnvoyFilter: checkEnvoyFilter,
    WorkloadEntry: checkWorkloadEntry,
    WorkloadGroup: checkWorkloadGroup,
    ProxyConfig: checkProxyConfig,
  },
  'security.istio.io': {
    AuthorizationPolicy: checkAuthorizationPolicy,
    RequestAuthentication: checkRequestAuthentication,
    PeerAuthentication: checkPeerAuthentication,
  },
  'telemetry.istio.io': { Telemetry: checkTelemetry },
  'extensions.istio.io': { WasmPlugin: checkWasmPlugin },
}

/**
 * Warnings on an object of Istio's: the webhook's, and the sandbox's own about fields that it only stores. Other kinds
 * pass as they are.
 * @throws StatusError 400 with the webhook's words where it denies the object
 */
export function validateIstio(object: KubeObject): { warnings: string[] } {
  const [group = ''] = object.apiVersion.split('/')
  const check = checks[group]?.[object.kind]
  if (!check) return { warnings: [] }
  const spec = object.spec ?? {}
  const undecodable =
    checkDurations(object.kind, spec) ?? checkNumbers(object.kind, spec) ?? checkBytes(object.kind, spec)
  if (undecodable) throw denied(`error decoding configuration: ${undecodable}`)
  const problems = check({ ...object, spec })
  if (problems.text !== undefined) throw denied(`configuration is invalid: ${problems.text}`)
  return { warnings: [...problems.warnings, ...unsupportedFields(object)] }
}

function denied(words: string): StatusError {
  return new StatusError(400, undefined, `admission webhook "validation.istio.io" denied the request: ${words}`)
}
