/** ReplicaSets, and the older ReplicationControllers. */
import type { KubeObject } from '../../objects.ts'
import { selects } from '../../selectors.ts'
import { goMap } from './labels.ts'
import { invalid, nonNegative, type Problem, required } from './problems.ts'
import { checkStatus } from './workload-status.ts'
import { checkForever, checkSelectedTemplate, checkTemplate } from './workloads.ts'

const partial = ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']
const counts = { all: ['replicas', ...partial, 'observedGeneration'], partial, ready: 'readyReplicas' }

export function checkReplicaSet({ spec = {}, status = {} }: KubeObject): Problem[] {
  return [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...checkSelectedTemplate(spec, { kind: 'deployment', owner: 'ReplicaSet' }),
    ...checkStatus(status, counts),
  ]
}

/** The oldest of them, whose selector is a map of labels. */
export function checkReplicationController({ spec = {} }: KubeObject): Problem[] {
  const { selector, template } = spec
  const isEmpty = Object.keys(selector ?? {}).length === 0
  const labels = template?.metadata?.labels
  return [
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(isEmpty ? [required('spec.selector')] : []),
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...(template
      ? [
          ...(isEmpty || selects({ matchLabels: selector }, labels)
            ? []
            : [invalid('spec.template.metadata.labels', goMap(labels), '`selector` does not match template `labels`')]),
          ...checkTemplate(template, 'spec.template'),
          ...checkForever(template.spec ?? {}, { owner: 'ReplicationController' }),
        ]
      : [required('spec.template')]),
  ]
}
