import * as assert from 'uvu/assert'
import { type ClusterConfig, parseClusterConfig } from '../../../lib/sandbox/cluster/config.ts'
import { suite } from '../../support/suite.ts'

const test = suite('cluster configuration')

const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n'
const node = (text: string) => `${head}nodes:\n- role: control-plane\n${text.replace(/^(?=.)/gm, '  ')}`

const unreadable = 'could not determine kind / apiVersion for config: yaml: '
const undecodable = 'unable to decode config: yaml: unmarshal errors:\n  '

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

/** What kind 0.22.0 says; where it says nothing of the kind, the sandbox's own words. */
const refused: [title: string, text: string, message: string][] = [
  ['nothing', '', 'unknown apiVersion: '],
  ['another version', 'kind: Cluster\napiVersion: kind.x-k8s.io/v1\n', 'unknown apiVersion: kind.x-k8s.io/v1'],
  [
    'another kind',
    'kind: Node\napiVersion: kind.x-k8s.io/v1alpha4\n',
    'unknown kind Node for apiVersion: kind.x-k8s.io/v1alpha4',
  ],
  ['no YAML', `${head}nodes:\n\t- role: x\n`, `${unreadable}line 4: found character that cannot start any token`],
  ['a list', '- a\n', `${unreadable}unmarshal errors:\n  line 1: cannot unmarshal !!seq into encoding.typeMeta`],
  [
    'a text',
    'hello\n',
    `${unreadable}unmarshal errors:\n  line 1: cannot unmarshal !!str \`hello\` into encoding.typeMeta`,
  ],
  [
    'a key that comes twice',
    `kind: Cluster\n${head}`,
    `${unreadable}unmarshal errors:\n  line 2: mapping key "kind" already defined at line 1`,
  ],
  ['an unknown field', `${head}nope: 1\n`, `${undecodable}line 3: field nope not found in type v1alpha4.Cluster`],
  ['an unknown field of a node', node('nope: 1'), `${undecodable}line 5: field nope not found in type v1alpha4.Node`],
  [
    'an unknown field of a port',
    node('extraPortMappings:\n- {hostPorts: 1}'),
    `${undecodable}line 6: field hostPorts not found in type v1alpha4.PortMappingAlias`,
  ],
  [
    'a text for a port',
    node('extraPortMappings:\n- {containerPort: abc}'),
    `${undecodable}line 6: cannot unmarshal !!str \`abc\` into int32`,
  ],
  [
    'a text for nodes',
    `${head}nodes: control-plane\n`,
    `${undecodable}line 3: cannot unmarshal !!str \`control...\` into []v1alpha4.Node`,
  ],
  [
    'a list for gates',
    `${head}featureGates: [a]\n`,
    `${undecodable}line 3: cannot unmarshal !!seq into map[string]bool`,
  ],
  [
    'an unknown protocol',
    node('extraPortMappings:\n- {containerPort: 80, protocol: xyz}'),
    'unable to decode config: Unknown PortMappingProtocol: "XYZ"',
  ],
  [
    'an unknown role',
    `${head}nodes:\n- role: boss\n`,
    '[invalid configuration for node 0: "boss" is not a valid node role, must have at least one control-plane node]',
  ],
  ['a worker alone', `${head}nodes:\n- role: worker\n`, 'must have at least one control-plane node'],
  [
    'a second node',
    `${node('')}- role: worker\n`,
    'the sandbox simulates one node, a control-plane; this configuration has control-plane, worker',
  ],
  [
    'a port beyond all ports',
    node('extraPortMappings:\n- {containerPort: 8080, hostPort: 70000}'),
    'invalid configuration for node 0: invalid hostPort: invalid port number: 70000',
  ],
  [
    'a port that is taken twice',
    node('extraPortMappings:\n- {containerPort: 80, hostPort: 90}\n- {containerPort: 81, hostPort: 90}'),
    'invalid configuration for node 0: invalid portMapping: port mapping with same listen address, port and protocol already configured: 0.0.0.0:90/TCP',
  ],
  [
    'a port of the API',
    `${head}networking: {apiServerPort: 99999}\n`,
    'invalid apiServerPort: invalid port number: 99999',
  ],
  ['a mode of the proxy', `${head}networking: {kubeProxyMode: foo}\n`, 'invalid kubeProxyMode: foo'],
  [
    'no subnet',
    `${head}networking: {podSubnet: 300.1.1.1/99}\n`,
    'invalid pod subnet failed to parse cidr value:"300.1.1.1/99" with error: invalid CIDR address: 300.1.1.1/99',
  ],
]
for (const [title, text, message] of refused)
  test(`it refuses ${title}`, () => {
    try {
      parseClusterConfig(text)
    } catch (error) {
      assert.is((error as Error).message, message)
      return
    }
    assert.unreachable()
  })

test.run()
