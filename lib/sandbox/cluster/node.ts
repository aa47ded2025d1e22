/** The cluster's only node: as kind's, but for where it says that it is simulated. */
import { createHash } from 'node:crypto'
import { arch, availableParallelism, release, totalmem } from 'node:os'
import type { KubeObject } from '../objects.ts'
import { timestamp } from '../store/store.ts'
import type { ClusterSettings } from './settings.ts'

/** The address docker gives to the first container of kind's network. */
export const NODE_IP = '172.18.0.2'
const KUBERNETES_VERSION = 'v1.29.2'

/** Pods of a node: kubelet's default. */
const MOST_PODS = '110'
const DISK = '264212084Ki'
/** Pods take up nothing of the machine: there is room for a lesson on the smallest. */
const LEAST_CPUS = 2
const LEAST_MEMORY_KI = 4 * 1024 * 1024

export function nodeName(cluster: string): string {
  return `${cluster}-control-plane`
}

export function nodeObject({ name: cluster, nodeLabels }: ClusterSettings, now: Date): KubeObject {
  const name = nodeName(cluster)
  const architecture = arch() === 'arm64' ? 'arm64' : 'amd64'
  const id = createHash('sha256').update(name).digest('hex').slice(0, 32)
  const resources = {
    cpu: String(Math.max(LEAST_CPUS, availableParallelism())),
    'ephemeral-storage': DISK,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.max(LEAST_MEMORY_KI, Math.floor(totalmem() / 1024))}Ki`,
    pods: MOST_PODS,
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/arch': architecture,
        'beta.kubernetes.io/os': 'linux',
        ...nodeLabels,
        'kubernetes.io/arch': architecture,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node-role.kubernetes.io/control-plane': '',
        simulated: 'true',
      },
      annotations: {
        'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock',
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24'], providerID: `kind://docker/${cluster}/${name}` },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: conditions(timestamp(now)),
      addresses: [
        { type: 'InternalIP', address: NODE_IP },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: id,
        systemUUID: id,
        bootID: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20)}`,
        kernelVersion: release(),
        osImage: 'Simulated (no container)',
        containerRuntimeVersion: 'simulated://1.0.0',
        kubeletVersion: KUBERNETES_VERSION,
        kubeProxyVersion: KUBERNETES_VERSION,
        operatingSystem: 'linux',
        architecture,
      },
    },
  }
}

function conditions(time: string): object[] {
  const rows: [type: string, status: string, reason: string, message: string][] = [
    ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
  ]
  return rows.map(([type, status, reason, message]) => ({
    type,
    status,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
    reason,
    message,
  }))
}
