/** What istiod refuses in the annotations of a pod that is to have a sidecar (istio 1.21.2, pkg/kube/inject/validate.go). */
import { parse } from 'yaml'
import { prefixError } from '../go/addresses.ts'
import { numError, uintError } from '../go/strconv.ts'
import type { Labels } from '../objects.ts'
import { isObject } from '../schema/merge-patch.ts'
import { whyNoQuantity } from '../schema/quantity.ts'
import { jsonType } from '../schema/typed.ts'

/** The problem of a value, in istiod's words. */
type Check = (value: string) => string | undefined

const number: Check = (value) => uintError(value, 32)

const flags: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False']
const flag: Check = (value) => (flags.includes(value) ? undefined : numError('ParseBool', value))

function portError(text: string): string | undefined {
  const why = uintError(text.trim(), 16)
  return why && `failed parsing port '${text}': ${why}`
}

const ports =
  (name: string): Check =>
  (value) => {
    if (value.trim() === '') return undefined
    for (const port of value.trim().split(',')) {
      const why = portError(port)
      if (why) return `${name} invalid: failed parsing port '${port}': ${why}`
    }
    return undefined
  }

const ranges =
  (name: string): Check =>
  (value) => {
    for (const range of value === '' ? [] : value.split(',')) {
      const why = range.includes('/') ? prefixError(range) : "no '/'"
      if (why)
        return `${name} invalid: failed parsing cidr '${range}': netip.ParsePrefix(${JSON.stringify(range)}): ${why}`
    }
    return undefined
  }

const orAll =
  (check: Check): Check =>
  (value) =>
    value === '*' ? undefined : check(value)

const modes: readonly string[] = ['REDIRECT', 'TPROXY', 'NONE']

/** Only what is read as something else than a map is noticed here. */
const config: Check = (value) => {
  const read = readConfig(value)
  if (read === null || read === undefined || isObject(read)) return undefined
  return `failed to convert to apply proxy config: json: cannot unmarshal ${jsonType(read)} into Go value of type map[string]json.RawMessage`
}

/** The value of `proxy.istio.io/config`; undefined where it is no YAML. */
export function readConfig(value: string): unknown {
  try {
    return parse(value)
  } catch {
    return undefined
  }
}

const checks: Readonly<Record<string, Check>> = {
  'sidecar.istio.io/interceptionMode': (value) =>
    modes.includes(value) ? undefined : `interceptionMode invalid, use REDIRECT,TPROXY,NONE: ${value}`,
  'sidecar.istio.io/enableCoreDump': flag,
  'proxy.istio.io/config': config,
  'status.sidecar.istio.io/port': (value) => {
    const why = portError(value)
    // It is istiod that takes one for the other.
    return why && `excludeInboundPorts invalid: ${why}`
  },
  'readiness.status.sidecar.istio.io/initialDelaySeconds': number,
  'readiness.status.sidecar.istio.io/periodSeconds': number,
  'readiness.status.sidecar.istio.io/failureThreshold': number,
  'traffic.sidecar.istio.io/includeOutboundIPRanges': orAll(ranges('includeIPRanges')),
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ranges('excludeIPRanges'),
  'traffic.sidecar.istio.io/includeInboundPorts': orAll(ports('includeInboundPorts')),
  'traffic.sidecar.istio.io/excludeInboundPorts': ports('excludeInboundPorts'),
  'traffic.sidecar.istio.io/excludeOutboundPorts': ports('excludeOutboundPorts'),
  'prometheus.istio.io/merge-metrics': flag,
}

/** Undefined where istiod takes all of them. */
export function annotationError(annotations: Labels): string | undefined {
  const errors = Object.entries(annotations).flatMap(([name, value]) => {
    const why = checks[name]?.(value)
    return why ? [`\t* invalid value '${value}' for annotation '${name}': ${why}`] : []
  })
  if (errors.length === 0) {
    const why = amounts.map((name) => annotations[name]).map((value) => (value ? whyNoQuantity(value) : undefined))
    const first = why.find((text) => text !== undefined)
    return first && `failed applying injection overlay: unmarshal patched pod: ${first}`
  }
  return `${errors.length} error${errors.length > 1 ? 's' : ''} occurred:\n${errors.join('\n')}\n\n`
}

const amounts = ['CPU', 'CPULimit', 'Memory', 'MemoryLimit'].map((name) => `sidecar.istio.io/proxy${name}`)
