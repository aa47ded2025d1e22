/** What the server gives a new Job: a selector that no other Job's pods meet, and its labels. */
import { randomUUID } from 'node:crypto'
import type { KubeObject } from '../objects.ts'

export function selectOwnPods(job: KubeObject): KubeObject {
  const { metadata, spec } = job
  if (spec.manualSelector) return job
  const uid = metadata.uid ?? randomUUID()
  const own = { 'batch.kubernetes.io/controller-uid': uid }
  const labels = {
    ...own,
    'batch.kubernetes.io/job-name': metadata.name,
    'controller-uid': uid,
    'job-name': metadata.name,
  }
  const template = spec.template ?? {}
  return {
    ...job,
    metadata: { ...metadata, uid, labels: metadata.labels ?? labels },
    spec: {
      ...spec,
      // What was given stays, and is refused where it is wrong.
      selector: { ...spec.selector, matchLabels: { ...own, ...spec.selector?.matchLabels } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...labels, ...template.metadata?.labels } },
      },
    },
  }
}
