/** Jobs and cron jobs. */
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../objects.ts'
import { checkSelector } from './labels.ts'
import { asGo, immutable, invalid, nonNegative, oneOf, type Part, type Problem, required } from './problems.ts'
import { checkTemplate } from './workloads.ts'

const numbers = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished']

function checkJobSpec(spec: Part, path: string): Problem[] {
  const { template, selector, completionMode, completions } = spec
  const { restartPolicy } = template?.spec ?? {}
  const at = `${path}.template.spec.restartPolicy`
  return [
    ...numbers.flatMap((name) => nonNegative(spec[name], `${path}.${name}`)),
    ...(selector ? checkSelector(selector, `${path}.selector`) : []),
    ...oneOf(completionMode, `${path}.completionMode`, ['NonIndexed', 'Indexed']),
    ...(completionMode === 'Indexed' && completions === undefined
      ? [required(`${path}.completions`, 'when completion mode is Indexed')]
      : []),
    ...checkTemplate(template, `${path}.template`),
    ...(!restartPolicy || restartPolicy === 'Always'
      ? [required(at, 'valid values: "OnFailure", "Never"')]
      : oneOf(restartPolicy, at, ['OnFailure', 'Never'])),
  ]
}

/** What a Job has begun with. */
export function checkJobChange(next: KubeObject, old: KubeObject): Problem[] {
  const same = (name: string) => immutable(next.spec[name], old.spec[name], `spec.${name}`, (value) => value)
  const isElastic = next.spec.completionMode === 'Indexed' && next.spec.completions === next.spec.parallelism
  const { template } = next.spec
  const isWaiting = Boolean(old.spec.suspend) && old.status?.startTime === undefined
  return [
    ...(isElastic ? [] : same('completions')),
    ...same('selector'),
    ...(isWaiting || isDeepStrictEqual(template, old.spec.template)
      ? []
      : [invalid('spec.template', asGo('core.PodTemplateSpec{...}'), 'field is immutable')]),
    ...same('completionMode'),
    ...same('podFailurePolicy'),
    ...same('backoffLimitPerIndex'),
  ]
}

export function checkJob({ spec = {} }: KubeObject): Problem[] {
  return checkJobSpec(spec, 'spec')
}

const fields = [
  /^(?:\*|[0-9,\-*/]+)$/,
  /^(?:\*|[0-9,\-*/]+)$/,
  /^(?:\*|\?|[0-9,\-*/?]+)$/,
  /^(?:\*|[0-9a-zA-Z,\-*/]+)$/,
  /^(?:\*|\?|[0-9a-zA-Z,\-*/?]+)$/,
]

const descriptors = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/

/** What is made of a cron job's name has eleven characters more. */
const LONGEST_CRON_JOB_NAME = 52

export function checkCronJob({ metadata, spec = {} }: KubeObject): Problem[] {
  const { schedule, timeZone, concurrencyPolicy, jobTemplate, startingDeadlineSeconds } = spec
  return [
    ...(metadata.name.length > LONGEST_CRON_JOB_NAME
      ? [invalid('metadata.name', metadata.name, `must be no more than ${LONGEST_CRON_JOB_NAME} characters`)]
      : []),
    ...(schedule ? checkSchedule(schedule, 'spec.schedule') : [required('spec.schedule')]),
    ...(timeZone === undefined ? [] : checkTimeZone(timeZone, 'spec.timeZone')),
    ...nonNegative(startingDeadlineSeconds, 'spec.startingDeadlineSeconds'),
    ...oneOf(concurrencyPolicy, 'spec.concurrencyPolicy', ['Allow', 'Forbid', 'Replace']),
    ...nonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...nonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
    ...checkJobSpec(jobTemplate?.spec ?? {}, 'spec.jobTemplate.spec'),
  ]
}

function checkTimeZone(zone: string, path: string): Problem[] {
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')]
  if (zone.toLowerCase() === 'local')
    return [invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')]
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return []
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [invalid(path, zone, `unknown time zone ${zone}`)]
  }
}

function checkSchedule(schedule: string, path: string): Problem[] {
  if (/TZ=/.test(schedule))
    return [invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
  if (descriptors.test(schedule)) return []
  const parts = schedule.split(/\s+/).filter(Boolean)
  if (parts.length !== fields.length)
    return [invalid(path, schedule, `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`)]
  const wrong = parts.find((part, index) => !fields[index]?.test(part))
  return wrong === undefined
    ? []
    : [invalid(path, schedule, `failed to parse int from ${wrong}: strconv.Atoi: parsing "${wrong}": invalid syntax`)]
}
