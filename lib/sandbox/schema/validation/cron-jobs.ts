/** Cron jobs: when they are due, and what they make then. */
import { scheduleError } from '../../controllers/jobs/schedule.ts'
import type { KubeObject } from '../../objects.ts'
import { checkJobSpec } from './job-spec.ts'
import { goSelector } from './labels.ts'
import { invalid, nonNegative, notSupported, oneOf, type Part, type Problem, required } from './problems.ts'

/** What is made of a cron job's name has eleven characters more. */
const LONGEST_NAME = 52

/** What the server lets old objects keep, no object here has come to have: a change is looked at as a new one is. */
export function checkCronJob({ metadata, spec = {} }: KubeObject): Problem[] {
  const { schedule, timeZone } = spec
  return [
    ...(schedule ? checkSchedule(schedule, 'spec.schedule') : [required('spec.schedule')]),
    ...nonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'),
    ...(timeZone === undefined ? [] : checkTimeZone(timeZone, 'spec.timeZone')),
    ...oneOf(spec.concurrencyPolicy, 'spec.concurrencyPolicy', ['Allow', 'Forbid', 'Replace']),
    ...checkJobTemplate(spec.jobTemplate?.spec ?? {}, 'spec.jobTemplate.spec'),
    ...nonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...nonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
    ...(metadata.name.length > LONGEST_NAME
      ? [invalid('metadata.name', metadata.name, `must be no more than ${LONGEST_NAME} characters`)]
      : []),
  ]
}

/** Each of its jobs is given a selector of its own. */
function checkJobTemplate(spec: Part, path: string): Problem[] {
  const { selector, manualSelector } = spec
  return [
    ...checkJobSpec(spec, path),
    ...(selector ? [invalid(`${path}.selector`, goSelector(selector), '`selector` will be auto-generated')] : []),
    ...(manualSelector ? [notSupported(`${path}.manualSelector`, manualSelector, ['nil', 'false'])] : []),
  ]
}

function checkSchedule(schedule: string, path: string): Problem[] {
  const { zone, times } = /^(?:CRON_)?TZ=(?<zone>[^ ]*) (?<times>.*)$/s.exec(schedule)?.groups ?? {}
  const wrongZone = zone && zoneError(zone)
  const wrong = wrongZone ? `provided bad location ${zone}: ${wrongZone}` : scheduleError(times?.trim() ?? schedule)
  return [
    ...(wrong ? [invalid(path, schedule, wrong)] : []),
    ...(schedule.includes('TZ')
      ? [invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
      : []),
  ]
}

function checkTimeZone(zone: string, path: string): Problem[] {
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')]
  if (!zone.split('/').every(isZonePart)) return [invalid(path, zone, `unknown time zone ${zone}`)]
  const wrong = zoneError(zone)
  return [
    ...(zone.toLowerCase() === 'local'
      ? [invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')]
      : []),
    ...(wrong ? [invalid(path, zone, wrong)] : []),
  ]
}

function isZonePart(part: string): boolean {
  return part !== '.' && part !== '..' && /^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part)
}

/** JavaScript knows these names of the JDK's, the server does not. */
const abbreviations =
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(' ')

/** What Go says of a name that no time zone has; undefined where one has. */
function zoneError(name: string): string | undefined {
  if (name === 'Local') return undefined
  if (name.includes('..') || /^[/\\]/.test(name)) return 'time: invalid location name'
  return isZone(name) ? undefined : `unknown time zone ${name}`
}

/** Go looks for a file of that name, where upper and lower case matter; each part begins with a capital. */
function isZone(name: string): boolean {
  if (abbreviations.includes(name) || !name.split('/').every((part) => /^[A-Z]/.test(part))) return false
  try {
    const { timeZone } = Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions()
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return false
  }
}
