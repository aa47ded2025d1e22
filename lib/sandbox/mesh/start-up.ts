/** What containers write when they start: those that Istio adds to a pod (pilot-agent 1.21.2), the lesson's services, and CoreDNS. */
import { findApplication } from '../bookinfo/bookinfo.ts'
import type { Container } from '../controllers/pods/pod.ts'
import { commandOf, courseOf } from '../controllers/pods/programs.ts'
import type { Find } from '../controllers/pods/references.ts'
import type { KubeObject } from '../objects.ts'
import { isGateway } from './pods.ts'

interface Line {
  /** Milliseconds since 1970. */
  time: number
  text: string
}

/** Microseconds after the start, and what is said. */
type Entry = readonly [number, string]

/**
 * Empty for other containers, and for one that has not started. isPrevious: of its run before the last. find: among
 * the ConfigMaps and Secrets of its namespace
 */
export function startUpLines(pod: KubeObject, container: string, isPrevious = false, find?: Find): Line[] {
  const start = startOf(pod, container, isPrevious)
  if (!start) return []
  const entriesOf = writers[container]
  if (!entriesOf) return greetingLines(pod, container, start, find)
  return entriesOf(pod, start).flatMap(([micros, text]) => {
    const time = start + micros / 1_000
    const stamp = new Date(time).toISOString().replace('Z', `${String(micros % 1_000).padStart(3, '0')}Z`)
    return `${stamp}\tinfo\t${text}`.split('\n').map((line) => ({ time, text: line }))
  })
}

function greetingLines(pod: KubeObject, name: string, time: number, find: Find | undefined): Line[] {
  const { spec } = pod
  const own = [...(spec.initContainers ?? []), ...spec.containers].find(
    (container: Container) => container.name === name,
  )
  if (!own) return []
  if (commandOf(own))
    return courseOf(own, { pod, ...(find ? { find } : {}) }).lines.map(({ after, text }) => ({
      time: time + after * 1000,
      text,
    }))
  const application = findApplication(own.image)
  const lines = application ? [application.greeting(new Date(time))] : (otherGreetings[own.image] ?? [])
  return lines.map((text) => ({ time, text }))
}

const otherGreetings: Readonly<Record<string, readonly string[]>> = {
  'registry.k8s.io/coredns/coredns:v1.11.1': [
    '.:53',
    '[INFO] plugin/reload: Running configuration SHA512 = 591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908',
    'CoreDNS-1.11.1',
    'linux/amd64, go1.20.7, ae2bbc2',
  ],
}

const writers: Readonly<Record<string, (pod: KubeObject, start: number) => Entry[]>> = {
  'istio-proxy': (pod) => inTime(26_512, agentWords(pod)),
  'istio-init': (_pod, start) => inTime(9_418, [...iptablesWords, savedRules(new Date(start))]),
}

/** One after another, within so many microseconds. */
function inTime(micros: number, words: readonly string[]): Entry[] {
  return words.map((text, index) => [Math.floor((micros * (index + 1)) / words.length), text])
}

interface Status {
  name: string
  state?: State
  lastState?: State
}

type State = Readonly<Record<string, { startedAt?: string } | undefined>>

/** While a container waits for its next run, its last one is the one before it. */
function startOf({ status }: KubeObject, container: string, isPrevious: boolean): number | undefined {
  const all: Status[] = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
  const { state, lastState } = all.find(({ name }) => name === container) ?? {}
  const current = isPrevious ? undefined : (state?.running ?? state?.terminated)
  const startedAt = (current ?? lastState?.terminated)?.startedAt
  return startedAt ? Date.parse(startedAt) : undefined
}

const flags = (domain: string): Readonly<Record<string, string>> => ({
  concurrency: '0',
  domain,
  help: 'false',
  log_as_json: 'false',
  log_caller: '',
  log_output_level: 'default:info',
  log_rotate: '',
  log_rotate_max_age: '30',
  log_rotate_max_backups: '1000',
  log_rotate_max_size: '104857600',
  log_stacktrace_level: 'default:none',
  log_target: '[stdout]',
  meshConfig: './etc/istio/config/mesh',
  outlierLogPath: '',
  profiling: 'true',
  proxyComponentLogLevel: 'misc:error',
  proxyLogLevel: 'warning',
  serviceCluster: 'istio-proxy',
  stsPort: '0',
  templateFile: '',
  tokenManagerPlugin: 'GoogleTokenExchange',
  vklog: '0',
})

const config = `binaryPath: /usr/local/bin/envoy
concurrency: 2
configPath: ./etc/istio/proxy
controlPlaneAuthPolicy: MUTUAL_TLS
discoveryAddress: istiod.istio-system.svc:15012
drainDuration: 45s
proxyAdminPort: 15000
serviceCluster: istio-proxy
statNameLength: 189
statusPort: 15020
terminationDrainDuration: 5s
tracing:
  zipkin:
    address: zipkin.istio-system:9411
`

const envoyCommand =
  '-c etc/istio/proxy/envoy-rev.json --drain-time-s 45 --drain-strategy immediate --local-address-ip-version v4 --file-flush-interval-msec 1000 --disable-hot-restart --allow-unknown-static-fields --log-format %Y-%m-%dT%T.%fZ\t%l\tenvoy %n %g:%#\t%v\tthread=%t -l warning --component-log-level misc:error --concurrency 2'

function agentWords(pod: KubeObject): string[] {
  const { name, namespace = 'default' } = pod.metadata
  const domain = `${namespace}.svc.cluster.local`
  const node = `${name}.${namespace}`
  return [
    ...Object.entries(flags(domain)).map(([flag, value]) => `FLAG: --${flag}="${value}"`),
    'Version 1.21.2-ed90e14d3473bc3fe54f98298eb16664002d14d1-Clean',
    'Maximum file descriptors (ulimit -n): 1048576',
    `Proxy role\tips=[${pod.status?.podIP}] type=${isGateway(pod) ? 'router' : 'sidecar'} id=${node} domain=${domain}`,
    `Apply proxy config from env ${variable(pod, 'PROXY_CONFIG')}\n`,
    'cpu limit detected as 2, setting concurrency',
    `Effective config: ${config}`,
    'JWT policy is third-party-jwt',
    'using credential fetcher of JWT type in cluster.local trust domain',
    'Workload SDS socket not found. Starting Istio SDS Server',
    'Opening status port 15020',
    'CA Endpoint istiod.istio-system.svc:15012, provider Citadel',
    'Using CA istiod.istio-system.svc:15012 cert with certs: var/run/secrets/istio/root-cert.pem',
    'ads\tAll caches have been synced up in 13.25531ms, marking server ready',
    'xdsproxy\tInitializing with upstream address "istiod.istio-system.svc:15012" and cluster "Kubernetes"',
    'Pilot SAN: [istiod.istio-system.svc]',
    'Starting proxy agent',
    `Envoy command: [${envoyCommand}]`,
    'sds\tStarting SDS grpc server',
    'starting Http service at 127.0.0.1:15004',
    'xdsproxy\tconnected to upstream XDS server[1]: istiod.istio-system.svc:15012',
    'cache\tgenerated new workload certificate\tlatency=8.114213ms ttl=23h59m59.991884s',
    'cache\tRoot cert has changed, start rotating root cert',
    'ads\tXDS: Incremental Pushing ConnectedEndpoints:0 Version:',
    `ads\tADS: new connection for node:${node}-1`,
    'cache\treturned workload certificate from cache\tttl=23h59m59.988127s',
    `ads\tSDS: PUSH request for node:${node} resources:1 size:4.0kB resource:default`,
    `ads\tADS: new connection for node:${node}-2`,
    'cache\treturned workload trust anchor from cache\tttl=23h59m59.987615s',
    `ads\tSDS: PUSH request for node:${node} resources:1 size:1.1kB resource:ROOTCA`,
    'Readiness succeeded in 26.401117ms',
    'Envoy proxy is ready',
  ]
}

function variable({ spec }: KubeObject, wanted: string): string {
  const proxy = (spec.containers as Container[]).find(({ name }) => name === 'istio-proxy')
  return proxy?.env?.find(({ name }: { name: string }) => name === wanted)?.value?.trim() ?? '{}'
}

/** All traffic but that of the proxy itself goes through the proxy: what a sidecar's pod is set up for. */
const rules = {
  asked: [
    '-A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN',
    '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
    '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
    '-A PREROUTING -p tcp -j ISTIO_INBOUND',
    ...['15090', '15021', '15020'].map((port) => `-A ISTIO_INBOUND -p tcp --dport ${port} -j RETURN`),
    '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
    '-A OUTPUT -p tcp -j ISTIO_OUTPUT',
    '-A ISTIO_OUTPUT -o lo -s 127.0.0.6/32 -j RETURN',
    '-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp ! --dport 15008 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT',
    '-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN',
    '-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN',
    '-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -p tcp ! --dport 15008 -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT',
    '-A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN',
    '-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN',
    '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
    '-A ISTIO_OUTPUT -j ISTIO_REDIRECT',
  ],
  chains: ['ISTIO_INBOUND', 'ISTIO_REDIRECT', 'ISTIO_IN_REDIRECT', 'ISTIO_OUTPUT'],
  /** The same, as the kernel tells them back. */
  saved: [
    ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((chain) => `:${chain} ACCEPT [0:0]`),
    ...['ISTIO_INBOUND', 'ISTIO_IN_REDIRECT', 'ISTIO_OUTPUT', 'ISTIO_REDIRECT'].map((chain) => `:${chain} - [0:0]`),
    '-A PREROUTING -p tcp -j ISTIO_INBOUND',
    '-A OUTPUT -p tcp -j ISTIO_OUTPUT',
    ...['15008', '15090', '15021', '15020'].map((port) => `-A ISTIO_INBOUND -p tcp -m tcp --dport ${port} -j RETURN`),
    '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
    '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
    '-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN',
    ...['uid', 'gid'].flatMap((id) => [
      `-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 -m owner --${id}-owner 1337 -j ISTIO_IN_REDIRECT`,
      `-A ISTIO_OUTPUT -o lo -m owner ! --${id}-owner 1337 -j RETURN`,
      `-A ISTIO_OUTPUT -m owner --${id}-owner 1337 -j RETURN`,
    ]),
    '-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN',
    '-A ISTIO_OUTPUT -j ISTIO_REDIRECT',
    '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
  ],
}

const environment = [
  ...['ENVOY_PORT', 'INBOUND_CAPTURE_PORT', 'ISTIO_INBOUND_INTERCEPTION_MODE', 'ISTIO_INBOUND_TPROXY_ROUTE_TABLE'],
  ...['ISTIO_INBOUND_PORTS', 'ISTIO_OUTBOUND_PORTS', 'ISTIO_LOCAL_EXCLUDE_PORTS', 'ISTIO_EXCLUDE_INTERFACES'],
  ...['ISTIO_SERVICE_CIDR', 'ISTIO_SERVICE_EXCLUDE_CIDR', 'ISTIO_META_DNS_CAPTURE', 'INVALID_DROP'],
]

const settings: Readonly<Record<string, string>> = {
  IPTABLES_VERSION: '',
  PROXY_PORT: '15001',
  PROXY_INBOUND_CAPTURE_PORT: '15006',
  PROXY_TUNNEL_PORT: '15008',
  PROXY_UID: '1337',
  PROXY_GID: '1337',
  INBOUND_INTERCEPTION_MODE: 'REDIRECT',
  INBOUND_TPROXY_MARK: '1337',
  INBOUND_TPROXY_ROUTE_TABLE: '133',
  INBOUND_PORTS_INCLUDE: '*',
  INBOUND_PORTS_EXCLUDE: '15090,15021,15020',
  OUTBOUND_OWNER_GROUPS_INCLUDE: '*',
  OUTBOUND_OWNER_GROUPS_EXCLUDE: '',
  OUTBOUND_IP_RANGES_INCLUDE: '*',
  OUTBOUND_IP_RANGES_EXCLUDE: '',
  OUTBOUND_PORTS_INCLUDE: '',
  OUTBOUND_PORTS_EXCLUDE: '',
  KUBE_VIRT_INTERFACES: '',
  ENABLE_INBOUND_IPV6: 'false',
  DUAL_STACK: 'false',
  DNS_CAPTURE: 'false',
  DROP_INVALID: 'false',
  CAPTURE_ALL_DNS: 'false',
  DNS_SERVERS: '[],[]',
  NETWORK_NAMESPACE: '',
  CNI_MODE: 'false',
  EXCLUDE_INTERFACES: '',
}

const lines = (...all: readonly string[]) => `${all.join('\n')}\n`

const iptablesWords: readonly string[] = [
  `Istio iptables environment:\n${lines(...environment.map((name) => `${name}=`))}`,
  `Istio iptables variables:\n${lines(...Object.entries(settings).map(([name, value]) => `${name}=${value}`))}`,
  `Running iptables-restore with the following input:\n${['* nat', ...rules.chains.map((name) => `-N ${name}`), ...rules.asked, 'COMMIT'].join('\n')}`,
  'Running command (without lock): iptables-restore --noflush',
  'Running ip6tables-restore with the following input:\n',
  'Running command (without lock): ip6tables-restore --noflush',
  'Running command (without lock): iptables-save ',
]

function savedRules(date: Date): string {
  const [, weekday, day, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? []
  // As C's asctime: the day of the month has no zero in front.
  const when = `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
  const begin = `# Generated by iptables-save v1.8.9 (nf_tables) on ${when}`
  return `Command output: \n${lines(begin, '*nat', ...rules.saved, 'COMMIT', `# Completed on ${when}`)}`
}
