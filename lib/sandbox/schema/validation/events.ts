/** Events, in the form of the core group, in which all are stored. */
import type { KubeObject } from '../../objects.ts'
import { inFormat, isQualifiedName } from './formats.ts'
import { invalid, type Problem, required } from './problems.ts'

const MOST_NAME = 128
const MOST_MESSAGE = 1024

/** An event is where its object is; that of an object in no namespace is in one of these. */
const ofCluster = { old: ['default'], timed: ['default', 'kube-system'] }

/** Only an event with eventTime says who reports it, and is short. */
export function checkEvent({ metadata, involvedObject = {}, ...event }: KubeObject): Problem[] {
  const { namespace = '' } = involvedObject
  const allowed = namespace !== '' ? [namespace] : event.eventTime ? ofCluster.timed : ofCluster.old
  return [
    ...(allowed.includes(metadata.namespace)
      ? []
      : [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')]),
    ...(event.eventTime ? checkReport(event) : []),
  ]
}

function checkReport(event: Omit<KubeObject, 'metadata'>): Problem[] {
  const { reportingComponent = '', message = '' } = event as { reportingComponent?: string; message?: string }
  return [
    ...(reportingComponent === '' ? [required('reportingComponent')] : []),
    ...(reportingComponent === '' ? [] : inFormat(reportingComponent, 'reportingComponent', isQualifiedName)),
    ...['reportingInstance', 'action', 'reason'].flatMap((field) => checkText(event[field], field)),
    ...(message.length > MOST_MESSAGE ? [invalid('message', '', `can have at most ${MOST_MESSAGE} characters`)] : []),
  ]
}

function checkText(text: string | undefined, field: string): Problem[] {
  if (!text) return [required(field)]
  return text.length > MOST_NAME ? [invalid(field, '', `can have at most ${MOST_NAME} characters`)] : []
}
