/** The lease by which an API server says that it is there. */
import { createHash, randomUUID } from 'node:crypto'
import type { KubeObject } from '../objects.ts'
import { microTimestamp } from '../store/store.ts'

export function serverLease(hostname: string, now: Date): KubeObject {
  const name = `apiserver-${identityOf(hostname)}`
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { 'apiserver.kubernetes.io/identity': SERVER, 'kubernetes.io/hostname': hostname },
    },
    spec: { holderIdentity: `${name}_${randomUUID()}`, leaseDurationSeconds: 3600, renewTime: microTimestamp(now) },
  }
}

const SERVER = 'kube-apiserver'

/** Half a hash of the two names, each behind its length (k8s.io/apiserver pkg/server/config.go), in base 32. */
function identityOf(hostname: string): string {
  const hash = createHash('sha256')
  for (const name of [hostname, SERVER]) {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(name.length)
    hash.update(length).update(name)
  }
  const half = hash.digest('hex').slice(0, 32)
  // 26 digits of five bits hold two more than the 128.
  const digits = (BigInt(`0x${half}`) << 2n).toString(32).padStart(26, '0')
  return digits.replace(/./g, (digit) => BASE32[Number.parseInt(digit, 32)] as string)
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
