/** Probes of a pod in the mesh go through the sidecar: the kubelet is no part of it and has no certificate. */

// biome-ignore lint/suspicious/noExplicitAny: a probe is known by the schema
type Part = any

const probes = { livenessProbe: 'livez', readinessProbe: 'readyz', startupProbe: 'startupz' } as const

/** The containers with their probes rewritten, and what the sidecar has to know of the old ones. */
export function rewriteProbes(containers: readonly Part[]): { containers: Part[]; probers: string | undefined } {
  const probers: Record<string, Part> = {}
  const rewritten = containers.map((container) => {
    const changes = Object.entries(probes).flatMap(([field, path]) => {
      const probe = container[field]
      if (!probe?.httpGet && !probe?.tcpSocket) return []
      const { httpGet, tcpSocket, ...rest } = probe
      const appPath = `/app-health/${container.name}/${path}`
      const target = httpGet
        ? { httpGet: { path: httpGet.path, port: portNumber(httpGet.port, container), scheme: httpGet.scheme } }
        : { tcpSocket: { port: portNumber(tcpSocket.port, container) } }
      probers[appPath] = { ...target, timeoutSeconds: probe.timeoutSeconds }
      return [[field, { httpGet: { path: appPath, port: 15020, scheme: 'HTTP' }, ...rest }]]
    })
    return { ...container, ...Object.fromEntries(changes) }
  })
  const sorted = Object.fromEntries(Object.entries(probers).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { containers: rewritten, probers: Object.keys(probers).length > 0 ? JSON.stringify(sorted) : undefined }
}

function portNumber(port: string | number, { ports = [] }: Part): number {
  return typeof port === 'number' ? port : ports.find(({ name }: Part) => name === port)?.containerPort
}
