/** Telemetry, ProxyConfig and WasmPlugin. */
import type { KubeObject } from '../../objects.ts'
import type { Part } from './part.ts'
import { Problems } from './problems.ts'
import { checkTargets, checkWorkloadSelector } from './selectors.ts'

export function checkTelemetry({ spec }: KubeObject): Problems {
  const problems = new Problems()
  checkTargets(spec, problems)
  for (const { providers, overrides = [] } of spec.metrics ?? []) {
    problems.add(providerError(providers))
    for (const override of overrides) checkOverride(override, problems)
  }
  checkTracing(spec.tracing ?? [], problems)
  for (const { providers } of spec.accessLogging ?? []) problems.add(providerError(providers))
  return problems
}

function providerError(providers: readonly { name?: string }[] = []): string | undefined {
  return providers.some(({ name }) => !name) ? 'providers.name may not be empty' : undefined
}

function checkOverride({ tagOverrides = {}, match }: Part, problems: Problems): void {
  for (const [name, { operation = 'UPSERT', value }] of Object.entries<Part>(tagOverrides)) {
    if (name === '') problems.warn('tagOverrides.name may not be empty')
    if (operation === 'UPSERT' && !value) problems.add('tagOverrides.value must be set when operation is UPSERT')
    if (operation === 'REMOVE' && value) problems.add('tagOverrides.value may only be set when operation is UPSERT')
  }
  if (match?.customMetric === '') problems.add('customMetric may not be empty')
}

function checkTracing(tracing: readonly Part[], problems: Problems): void {
  if (tracing.length > 1) problems.warn('multiple tracing is not currently supported')
  for (const { providers = [], randomSamplingPercentage: share = 0, customTags = {} } of tracing) {
    if (providers.length > 1) problems.warn('multiple providers is not currently supported')
    problems.add(providerError(providers))
    if (share < 0 || share > 100) problems.add('randomSamplingPercentage must be in range [0.0, 100.0]')
    for (const [name, { literal, header, environment }] of Object.entries<Part>(customTags)) {
      if (name === '') problems.add('tag name may not be empty')
      if (literal && !literal.value) problems.add('literal tag value may not be empty')
      if (header && !header.name) problems.add('header tag name may not be empty')
      if (environment && !environment.name) problems.add('environment tag name may not be empty')
    }
  }
}

export function checkProxyConfig({ spec }: KubeObject): Problems {
  const problems = new Problems()
  checkWorkloadSelector(spec.selector, problems)
  if (spec.concurrency < 0) problems.add('concurrency must be greater than or equal to 0')
  return problems
}

export function checkWasmPlugin({ spec }: KubeObject): Problems {
  const problems = new Problems()
  checkTargets(spec, problems)
  problems.add(urlError(spec.url), shaError(spec.sha256), environmentError(spec.vmConfig), ...portErrors(spec.match))
  return problems
}

function urlError(url: string | undefined): string | undefined {
  if (!url) return 'url field needs to be set'
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return ['', 'file', 'http', 'https', 'oci'].includes(scheme)
    ? undefined
    : `url contains unsupported scheme: ${scheme}`
}

function shaError(sha256 = ''): string | undefined {
  if (sha256 === '') return undefined
  if (sha256.length !== 64) return 'sha256 field must be 64 characters long'
  return /^[a-f0-9]*$/.test(sha256) ? undefined : 'sha256 field must match [a-f0-9]{64} pattern'
}

function environmentError(vm: { env?: { name?: string }[] } | undefined): string | undefined {
  const names = (vm?.env ?? []).map(({ name = '' }) => name)
  if (names.includes('')) return 'spec.vmConfig.env invalid'
  return new Set(names).size < names.length ? 'duplicate env' : undefined
}

function portErrors(match: readonly { ports?: readonly { number?: number }[] }[] = []): string[] {
  const errors = match.flatMap(({ ports = [] }, index) =>
    ports.flatMap(({ number = 0 }, portIndex) =>
      number >= 1 && number <= 65_535 ? [] : [`spec.Match[${index}].Ports[${portIndex}] is out of range: ${number}`],
    ),
  )
  return errors.slice(0, 1)
}
