/** Columns of what makes pods (pkg/printers/internalversion). */
import type { KubeObject } from '../../objects.ts'
import type { Column } from '../kind.ts'
import {
  age,
  column,
  containersAndImages,
  flag,
  humanDuration,
  integer,
  labelsText,
  nameColumn,
  selectorText,
  since,
  wide,
} from './common.ts'

// biome-ignore lint/suspicious/noExplicitAny: parts of these objects are known by the schema
type Part = any

const template = ({ spec }: KubeObject) => spec.template?.spec
const selector = wide('Selector', ({ spec }) => selectorText(spec.selector))

const replicas = [
  integer('Desired', ({ spec }) => spec.replicas ?? 0),
  integer('Current', ({ status }) => status?.replicas ?? 0),
  integer('Ready', ({ status }) => status?.readyReplicas ?? 0),
]

const ready = column('Ready', ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`)

export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  'deployments.apps': [
    nameColumn,
    ready,
    column('Up-to-date', ({ status }) => status?.updatedReplicas ?? 0),
    column('Available', ({ status }) => status?.availableReplicas ?? 0),
    age,
    ...containersAndImages(template),
    selector,
  ],
  'replicasets.apps': [nameColumn, ...replicas, age, ...containersAndImages(template), selector],
  replicationcontrollers: [
    nameColumn,
    ...replicas,
    age,
    ...containersAndImages(template),
    wide('Selector', ({ spec }) => selectorText({ matchLabels: spec.selector })),
  ],
  podtemplates: [
    nameColumn,
    column('Containers', ({ template }) => template?.spec?.containers?.map(({ name }: Part) => name).join(',') ?? ''),
    column('Images', ({ template }) => template?.spec?.containers?.map(({ image }: Part) => image).join(',') ?? ''),
    column('Pod Labels', ({ template }) => labelsText(template?.metadata?.labels)),
  ],
  'statefulsets.apps': [nameColumn, ready, age, ...containersAndImages(template)],
  'daemonsets.apps': [
    nameColumn,
    integer('Desired', ({ status }) => status?.desiredNumberScheduled ?? 0),
    integer('Current', ({ status }) => status?.currentNumberScheduled ?? 0),
    integer('Ready', ({ status }) => status?.numberReady ?? 0),
    integer('Up-to-date', ({ status }) => status?.updatedNumberScheduled ?? 0),
    integer('Available', ({ status }) => status?.numberAvailable ?? 0),
    column('Node Selector', ({ spec }) => selectorText({ matchLabels: spec.template?.spec?.nodeSelector })),
    age,
    ...containersAndImages(template),
    selector,
  ],
  'jobs.batch': [
    nameColumn,
    column('Completions', ({ spec, status }) => `${status?.succeeded ?? 0}/${completionsText(spec)}`),
    column('Duration', ({ status }, now) => {
      if (!status?.startTime) return ''
      const end = status.completionTime ? Date.parse(status.completionTime) : now.getTime()
      return humanDuration((end - Date.parse(status.startTime)) / 1000)
    }),
    age,
    ...containersAndImages(template),
    selector,
  ],
  'cronjobs.batch': [
    nameColumn,
    column('Schedule', ({ spec }) => spec.schedule),
    flag('Suspend', ({ spec }) => (spec.suspend ? 'True' : 'False')),
    integer('Active', ({ status }) => status?.active?.length ?? 0),
    column('Last Schedule', ({ status }, now) =>
      status?.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>',
    ),
    age,
    ...containersAndImages(({ spec }) => spec.jobTemplate?.spec?.template?.spec),
    wide('Selector', ({ spec }) => selectorText(spec.jobTemplate?.spec?.selector)),
  ],
  'horizontalpodautoscalers.autoscaling': [
    nameColumn,
    column('Reference', ({ spec: { scaleTargetRef: { kind = '', name = '' } = {} } }) => `${kind}/${name}`),
    column('Targets', targetsText),
    column('MinPods', ({ spec }) => String(spec.minReplicas ?? '<unset>')),
    column('MaxPods', ({ spec }) => spec.maxReplicas),
    column('Replicas', ({ status }) => status?.currentReplicas ?? 0),
    age,
  ],
  'poddisruptionbudgets.policy': [
    nameColumn,
    column('Min Available', ({ spec }) => String(spec.minAvailable ?? 'N/A')),
    column('Max Unavailable', ({ spec }) => String(spec.maxUnavailable ?? 'N/A')),
    integer('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed ?? 0),
    age,
  ],
}

/** How many pods are to succeed; where the first that does is enough, of how many. */
function completionsText({ completions, parallelism = 1 }: KubeObject['spec']): string {
  if (completions !== undefined && completions !== null) return String(completions)
  return parallelism > 1 ? `1 of ${parallelism}` : '1'
}

/** `<unknown>/80%`: nothing measures load here, so the current value is never known. */
function targetsText({ spec }: KubeObject): string {
  // biome-ignore lint/suspicious/noExplicitAny: a metric is known by the schema
  const metrics: any[] = spec.metrics ?? []
  const texts = metrics.map(targetText)
  const more = texts.length > SHOWN_METRICS ? ` + ${texts.length - SHOWN_METRICS} more...` : ''
  return texts.length === 0 ? '<none>' : `${texts.slice(0, SHOWN_METRICS).join(', ')}${more}`
}

/** How many are written out. */
const SHOWN_METRICS = 2

// biome-ignore lint/suspicious/noExplicitAny: a metric is known by the schema
function targetText({ type, resource, containerResource, pods, object, external }: any): string {
  const { averageUtilization, averageValue, value } = (resource ?? containerResource ?? pods ?? object ?? external)
    .target
  if (averageUtilization !== undefined) return `<unknown>/${averageUtilization}%`
  const isOfAll = type === 'Object' || type === 'External'
  if (averageValue !== undefined) return `<unknown>/${averageValue}${isOfAll ? ' (avg)' : ''}`
  return `<unknown>/${value ?? '<auto>'}`
}
