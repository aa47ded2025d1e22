/** A cluster that is there already, and whether the lesson can use it. */
import { istioVersion } from '../conditions.ts'
import { quote } from '../sh.ts'
import { versions } from '../versions.ts'
import type { Examination, Finding } from './finding.ts'

/** Ports are fixed when a cluster is made; one that neither the lesson made nor the user named is never used. */
export async function kindCluster({ machine, asked, words: { doctor } }: Examination): Promise<Finding> {
  const { name, named, made, port } = asked
  const node = await machine.nodeContainer(name)
  const { cluster: say } = doctor
  if (!node) return { verdict: 'ok', what: say.none(name) }
  if (made === 'begun') return { verdict: 'ok', what: say.halfMade(name) }
  if (made !== 'done' && !named) return { verdict: 'fail', what: say.foreign(name), mend: say.foreignMend(name) }
  if (!node.pagePorts.includes(String(port)))
    return {
      verdict: 'fail',
      what: say.otherPorts(name, port),
      seen: say.mappedTo(node.pagePorts),
      why: say.otherPortsWhy,
      mend: say.otherPortsMend(`kind delete cluster --name ${name}`, node.pagePorts),
    }
  return { verdict: 'ok', what: node.running ? say.fits(name, node.image) : say.stopped(name) }
}

/** The lesson installs no Istio in a cluster that is not its own: the right one must be there. */
export async function contextCluster({ machine, asked: { name }, words }: Examination): Promise<Finding> {
  const { context: say } = words.doctor
  if (!(await machine.serverVersion(name))) return { verdict: 'fail', what: say.silent(name), mend: say.mend }
  const deployments = await machine.istioDeployments(name)
  const lacking = deployments ? istioVersion.missing(deployments, words) : []
  if (lacking.length === 0) return { verdict: 'ok', what: say.answers(name) }
  return {
    verdict: 'fail',
    what: say.noIstio(name, versions.istio),
    seen: lacking.join('; '),
    mend: words.bringIstio(versions.istio, quote(name)),
  }
}
