/** What Istio's installation says of all sidecars: the values in the ConfigMap that the injector reads. */
import { memo } from '../memo.ts'
import type { KubeObject } from '../objects.ts'
import { canonicalQuantity } from '../schema/quantity.ts'
import type { Store } from '../store/store.ts'
import type { Webhook } from './webhooks.ts'

type Amounts = Readonly<Record<string, string>>

export interface InjectorValues {
  /** '' of the installation that has no revision. */
  revision: string
  image: string
  imagePullPolicy: string
  resources: { limits?: Amounts; requests?: Amounts }
  logLevel: string
  componentLogLevel: string
  agentLogLevel: string
  traffic: {
    includeIPRanges: string
    excludeIPRanges: string
    includeInboundPorts: string
    excludeInboundPorts: string
    includeOutboundPorts: string
    excludeOutboundPorts: string
  }
  readiness: { initialDelaySeconds: number; periodSeconds: number; failureThreshold: number }
  startupFailureThreshold: number
}

/** Those of the istiod that a webhook leads to; of profile demo where nothing can be read. */
export function injectorValues({ clientConfig }: Webhook, store: Store): InjectorValues {
  const { name = '', namespace = '' } = clientConfig.service ?? {}
  const revision = name.replace(/^istiod-?/, '')
  const map = store.get('configmaps', `istio-sidecar-injector${revision && `-${revision}`}`, namespace)
  return { ...(map ? valuesOf(map) : read('')), revision }
}

const valuesOf = memo((map: KubeObject) => read(map.data?.values ?? ''))

function read(text: string): Omit<InjectorValues, 'revision'> {
  const { global = {} } = parse(text)
  const { proxy = {}, hub = 'docker.io/istio', tag = '1.21.2', imagePullPolicy, logging } = global
  const image: string = proxy.image ?? 'proxyv2'
  return {
    image: image.includes('/') ? image : `${hub}/${image}:${tag}`,
    imagePullPolicy: imagePullPolicy || 'IfNotPresent',
    resources: canonical(
      proxy.resources ?? { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m', memory: '40Mi' } },
    ),
    logLevel: proxy.logLevel || 'warning',
    componentLogLevel: proxy.componentLogLevel || 'misc:error',
    agentLogLevel: logging?.level || 'default:info',
    traffic: {
      includeIPRanges: proxy.includeIPRanges ?? '*',
      excludeIPRanges: proxy.excludeIPRanges ?? '',
      includeInboundPorts: proxy.includeInboundPorts ?? '*',
      excludeInboundPorts: proxy.excludeInboundPorts ?? '',
      includeOutboundPorts: proxy.includeOutboundPorts ?? '',
      excludeOutboundPorts: proxy.excludeOutboundPorts ?? '',
    },
    readiness: {
      initialDelaySeconds: proxy.readinessInitialDelaySeconds ?? 0,
      periodSeconds: proxy.readinessPeriodSeconds ?? 15,
      failureThreshold: proxy.readinessFailureThreshold ?? 4,
    },
    startupFailureThreshold: proxy.startupProbe?.failureThreshold ?? 600,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: Helm's values have no schema here
function parse(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

function canonical(resources: InjectorValues['resources']): InjectorValues['resources'] {
  const lists = Object.entries(resources).map(([list, amounts]) => [
    list,
    Object.fromEntries(
      Object.entries(amounts ?? {}).map(([name, amount]) => [name, canonicalQuantity(String(amount)) ?? amount]),
    ),
  ])
  return Object.fromEntries(lists)
}
