/** All checks, in the order in which they are told. */
import { contextCluster, kindCluster } from './cluster.ts'
import { cgroup, disk, docker, memory } from './engine.ts'
import { type Check, type CheckId, type Examination, type Finding, failureOf } from './finding.ts'
import { proxy, registries } from './network.ts'
import { inotify, kindPorts, node, sandboxPort } from './system.ts'
import { istioctl, kind, kubectl, kubernetes } from './tools.ts'

export const checks: readonly Check[] = [
  { id: 'node', for: ['kind', 'context', 'sandbox'], examine: node },
  { id: 'docker', for: ['kind'], examine: docker },
  { id: 'cgroup', for: ['kind'], examine: cgroup },
  { id: 'memory', for: ['kind'], examine: memory },
  { id: 'disk', for: ['kind'], examine: disk },
  { id: 'inotify', for: ['kind'], examine: inotify },
  { id: 'ports', for: ['kind'], examine: kindPorts },
  { id: 'ports', for: ['sandbox'], examine: sandboxPort },
  { id: 'kind', for: ['kind'], examine: kind },
  { id: 'kubectl', for: ['kind', 'context'], examine: kubectl },
  { id: 'istioctl', for: ['kind'], examine: istioctl },
  { id: 'kubernetes', for: ['kind', 'context'], examine: kubernetes },
  { id: 'cluster', for: ['kind'], examine: kindCluster },
  { id: 'context', for: ['context'], examine: contextCluster },
  { id: 'proxy', for: ['kind', 'context', 'sandbox'], examine: proxy },
  { id: 'registries', for: ['kind'], examine: registries },
]

/** The part that a script needs before it starts. @throws Failure of the first check, in their order, that fails */
export async function mustPass(ids: readonly CheckId[], examination: Examination): Promise<void> {
  const wanted = checks.filter(({ id, for: targets }) => ids.includes(id) && isFor(targets, examination))
  const findings = await Promise.all(wanted.map(({ examine }) => examine(examination)))
  const failed = findings.find((finding): finding is Finding => finding?.verdict === 'fail')
  if (failed) throw failureOf(failed)
}

function isFor(targets: Check['for'], { asked }: Examination): boolean {
  return asked.target !== undefined && targets.includes(asked.target)
}
