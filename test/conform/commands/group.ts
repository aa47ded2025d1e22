/**
 * Commands that are typed at a real cluster and at the sandbox, in this order, in a namespace of their own. `$NS` is
 * that namespace.
 */
export interface Group {
  title: string
  commands: readonly string[]
}

export const apply = (yaml: string, ...flags: string[]) =>
  `kubectl apply ${flags.join(' ')} -f - <<'YAML'\n${yaml}\nYAML`

export const create = (yaml: string, ...flags: string[]) =>
  `kubectl create ${flags.join(' ')} -f - <<'YAML'\n${yaml}\nYAML`

export const deployment = (name: string, more = '', image = 'docker.io/istio/examples-bookinfo-details-v1:1.18.0') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - {name: main, image: '${image}', imagePullPolicy: IfNotPresent, ports: [{containerPort: 9080}]}
${more}`

export const statefulSet = (name: string) =>
  deployment(name)
    .replace('kind: Deployment', 'kind: StatefulSet')
    .replace('replicas: 1', `replicas: 2\n  serviceName: ${name}`)

export const daemonSet = (name: string) =>
  deployment(name).replace('kind: Deployment', 'kind: DaemonSet').replace('  replicas: 1\n', '')

export const limitRange = (limits: string) => `
apiVersion: v1
kind: LimitRange
metadata: {name: range}
spec: {limits: ${limits}}`

export const virtualService = (http: string, name = 'case', hosts = '[case]') => `
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: ${name}}
spec: {hosts: ${hosts}, http: ${http}}`

export const destinationRule = (spec: string) => `
apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: case}
spec: ${spec}`

export const gateway = (spec: string) => `
apiVersion: networking.istio.io/v1beta1
kind: Gateway
metadata: {name: case}
spec: ${spec}`

export const toCase = '[{route: [{destination: {host: case}}]}]'
