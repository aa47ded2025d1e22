import * as assert from 'uvu/assert'
import { type ClusterConfig, parseClusterConfig } from '../../../lib/sandbox/cluster/config.ts'
import { suite } from '../../support/suite.ts'

const test = suite('cluster configuration')

const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n'
const node = (text: string) => `${head}nodes:\n- role: control-plane\n${text.replace(/^(?=.)/gm, '  ')}`

const read: [title: string, text: string, part: Partial<ClusterConfig>][] = [
  ['the least there can be', head, { name: undefined, ports: [], nodeLabels: {}, notSimulated: [] }],
  ['a name', `${head}name: lesson\n`, { name: 'lesson' }],
  ['an image', node('image: kindest/node:v1.30.0'), { image: 'kindest/node:v1.30.0' }],
  ['labels of the node', node('labels:\n  tier: one'), { nodeLabels: { tier: 'one' } }],
  [
    "labels among the kubelet's arguments",
    node(
      'kubeadmConfigPatches:\n- |\n  kind: InitConfiguration\n  nodeRegistration:\n    kubeletExtraArgs:\n      node-labels: "a=b,c=d"\n',
    ),
    { nodeLabels: { a: 'b', c: 'd' } },
  ],
  [
    'a patch of another kind',
    node('kubeadmConfigPatches:\n- |\n  kind: ClusterConfiguration\n  x: y\n'),
    { nodeLabels: {} },
  ],
  [
    'ports, TCP alone',
    node(
      'extraPortMappings:\n- {containerPort: 8080, hostPort: 9000}\n- {containerPort: 53, hostPort: 53, protocol: UDP}\n- {containerPort: 80, protocol: TCP}',
    ),
    {
      ports: [
        { containerPort: 8080, hostPort: 9000 },
        { containerPort: 80, hostPort: 0 },
      ],
    },
  ],
  ["the API's port", `${head}networking:\n  apiServerPort: 6443\n`, { apiPort: 6443 }],
  [
    'what has no effect',
    `${node('extraMounts: []')}\nfeatureGates: {}\nnetworking:\n  podSubnet: 10.0.0.0/8\n`,
    { notSimulated: ['featureGates', 'podSubnet', 'extraMounts'] },
  ],
]
for (const [title, text, part] of read)
  test(`it reads ${title}`, () => {
    const config = parseClusterConfig(text)
    for (const [field, value] of Object.entries(part)) assert.equal(config[field as keyof ClusterConfig], value)
  })

const refused: [title: string, text: string, message: RegExp][] = [
  ['nothing', '', /^unknown apiVersion: $/],
  ['another version', 'kind: Cluster\napiVersion: kind.x-k8s.io/v1\n', /^unknown apiVersion: kind\.x-k8s\.io\/v1$/],
  ['another kind', 'kind: Node\napiVersion: kind.x-k8s.io/v1alpha4\n', /^unknown kind Node for apiVersion/],
  ['no YAML', 'a: [', /^could not determine kind \/ apiVersion for config: yaml: /],
  ['an unknown field', `${head}nope: 1\n`, /field nope not found in type v1alpha4\.Cluster$/],
  ['an unknown field of a node', node('nope: 1'), /field nope not found in type v1alpha4\.Node$/],
  [
    'a second node',
    `${node('')}- role: worker\n`,
    /the sandbox simulates one node, a control-plane; this configuration has control-plane, worker/,
  ],
  ['a worker alone', `${head}nodes:\n- role: worker\n`, /this configuration has worker/],
  [
    'a port beyond all ports',
    node('extraPortMappings:\n- {containerPort: 8080, hostPort: 70000}'),
    /^invalid hostPort: invalid port number: 70000$/,
  ],
]
for (const [title, text, message] of refused)
  test(`it refuses ${title}`, () => {
    assert.throws(() => parseClusterConfig(text), message)
  })

test.run()
