/** Bindings: a scheduler of one's own gives a pod to a node. */
import { setInPlace } from '../controllers/conditions.ts'
import { podCondition } from '../controllers/pods/status.ts'
import { notSupported, type Part, type Problem, required } from '../schema/validation/problems.ts'
import { badRequest, conflict, unexpected } from '../status.ts'
import { bodyKind, readAs } from './bodies.ts'
import { type Answer, type Ask, done, type Server } from './exchange.ts'
import { writing } from './options.ts'
import type { Target } from './target.ts'

const bindings = bodyKind('', 'Binding')

/** @throws BadRequest, NotFound, Conflict, and of what is wrong with the node named an error of no kind, as there */
export async function bind({ name = '', namespace }: Target, ask: Ask, { registry }: Server): Promise<Answer> {
  const { metadata, target = {} } = (await readAs(bindings, ask)) as Part
  if (metadata?.name !== name) throw badRequest('name in URL does not match name in Binding object')
  const problems = checkNode(target)
  if (problems.length > 0) throw unexpected(aggregate(problems))
  const pod = registry.get('pods', name, namespace)
  const { deletionTimestamp } = pod.metadata
  const refused = (why: string) => conflict('pods/binding', name, why)
  if (deletionTimestamp) throw refused(`pod ${name} is being deleted, cannot be assigned to a host`)
  if (pod.spec.nodeName) throw refused(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`)
  if (pod.spec.schedulingGates?.length) throw refused(`pod ${name} has non-empty .spec.schedulingGates`)
  const conditions = setInPlace(pod.status?.conditions ?? [], podCondition('PodScheduled', 'True', registry.now()))
  if (!writing(ask).dryRun)
    registry.store.update('pods', {
      ...pod,
      spec: { ...pod.spec, nodeName: target.name },
      status: { ...pod.status, conditions },
    })
  return done(201)
}

function checkNode({ kind, name }: Part): Problem[] {
  return [
    ...(kind && kind !== 'Node' ? [notSupported('target.kind', kind, ['Node', '<empty>'])] : []),
    ...(name ? [] : [required('target.name')]),
  ]
}

function aggregate(problems: readonly Problem[]): string {
  const texts = problems.map(({ field, message }) => `${field}: ${message}`)
  return texts.length === 1 ? (texts[0] as string) : `[${texts.join(', ')}]`
}
