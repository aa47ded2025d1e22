/** What a Job does: how often, how much at a time, and when it is given up. */
import { checkFailurePolicy } from './pod-failure-policies.ts'
import { invalid, nonNegative, oneOf, type Part, type Problem, required } from './problems.ts'
import { checkTemplate } from './workloads.ts'

const numbers = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
]

/** Of an Indexed Job, whose status lists them. */
const MOST_INDEXES = 100_000
/** Of a Job with more completions than that, which counts failures for each. */
const MOST_OF_MANY_INDEXES = 10_000

/** All but the selector: that of a cron job's jobs is made with them. */
export function checkJobSpec(spec: Part, path: string): Problem[] {
  const { template, completionMode, maxFailedIndexes, backoffLimitPerIndex, podFailurePolicy } = spec
  return [
    ...numbers.flatMap((name) => nonNegative(spec[name], `${path}.${name}`)),
    ...(maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined
      ? [required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified')]
      : []),
    ...oneOf(completionMode, `${path}.completionMode`, ['NonIndexed', 'Indexed']),
    ...(completionMode === 'Indexed' ? checkIndexed(spec, path) : []),
    ...((completionMode ?? 'NonIndexed') === 'NonIndexed' ? checkNotIndexed(spec, path) : []),
    ...(podFailurePolicy ? checkFailurePolicy(spec, `${path}.podFailurePolicy`) : []),
    ...oneOf(
      spec.podReplacementPolicy,
      `${path}.podReplacementPolicy`,
      podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'],
    ),
    ...checkTemplate(template, `${path}.template`),
    ...checkRestarts(spec, `${path}.template.spec.restartPolicy`),
  ]
}

function checkIndexed(spec: Part, path: string): Problem[] {
  const { completions, maxFailedIndexes, backoffLimitPerIndex } = spec
  const atMost = (name: string, most: number, what: unknown = most): Problem[] =>
    spec[name] > most ? [invalid(`${path}.${name}`, spec[name], `must be less than or equal to ${what}`)] : []
  const ofMany = `${MOST_OF_MANY_INDEXES} when completions are above ${MOST_INDEXES} and used with backoff limit per index`
  return [
    ...(completions === undefined ? [required(`${path}.completions`, 'when completion mode is Indexed')] : []),
    ...atMost('parallelism', MOST_INDEXES, `${MOST_INDEXES} when completion mode is Indexed`),
    ...atMost('maxFailedIndexes', completions, 'completions'),
    ...atMost('maxFailedIndexes', MOST_INDEXES),
    ...(completions > MOST_INDEXES && backoffLimitPerIndex !== undefined
      ? [
          ...(maxFailedIndexes === undefined
            ? [required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MOST_INDEXES}`)]
            : []),
          ...atMost('parallelism', MOST_OF_MANY_INDEXES, ofMany),
          ...atMost('maxFailedIndexes', MOST_OF_MANY_INDEXES, ofMany),
        ]
      : []),
  ]
}

function checkNotIndexed(spec: Part, path: string): Problem[] {
  return ['backoffLimitPerIndex', 'maxFailedIndexes'].flatMap((name) =>
    spec[name] === undefined ? [] : [invalid(`${path}.${name}`, spec[name], 'requires indexed completion mode')],
  )
}

/** A container that is started again has no exit code for a policy to look at. */
function checkRestarts({ template, podFailurePolicy }: Part, path: string): Problem[] {
  const { restartPolicy } = template?.spec ?? {}
  if (!restartPolicy || restartPolicy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')]
  return podFailurePolicy && restartPolicy === 'OnFailure'
    ? [invalid(path, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified')]
    : oneOf(restartPolicy, path, ['OnFailure', 'Never'])
}
