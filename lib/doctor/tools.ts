/** kind, kubectl and istioctl: there, and of versions that fit each other and the cluster. */
import type { Tool } from '../machine.ts'
import { versions } from '../versions.ts'
import type { Examination, Finding } from './finding.ts'
import { istioSupports, minorOf, versionOfImage } from './versions.ts'

/** Only there; which Kubernetes it brings is another check. */
export async function kind(examination: Examination): Promise<Finding> {
  const version = await examination.machine.toolVersion('kind')
  return version === undefined ? missing('kind', examination) : { verdict: 'ok', what: version }
}

/** The lesson's proof names its Istio, so another istioctl cannot pass it. */
export async function istioctl(examination: Examination): Promise<Finding> {
  const { machine, words } = examination
  const version = await machine.toolVersion('istioctl')
  if (version === undefined) return missing('istioctl', examination)
  if (version === versions.istio) return { verdict: 'ok', what: version }
  const { istioOther, mend } = words.doctor.tools
  return { verdict: 'fail', what: istioOther(version, versions.istio), mend }
}

export async function kubectl(examination: Examination): Promise<Finding> {
  const { machine, words } = examination
  const version = await machine.toolVersion('kubectl')
  if (version === undefined) return missing('kubectl', examination)
  const cluster = await clusterVersion(examination)
  const skew = Math.abs((minorOf(version) ?? 0) - (minorOf(cluster ?? version) ?? 0))
  if (cluster === undefined || skew <= 1) return { verdict: 'ok', what: version }
  const { skew: say, skewWhy, mend } = words.doctor.tools
  return { verdict: 'warn', what: say(version, cluster), why: skewWhy, mend }
}

/** The Kubernetes that the lesson's Istio will meet. */
export async function kubernetes(examination: Examination): Promise<Finding | undefined> {
  const { machine, asked, words } = examination
  const { kubernetes: say } = words.doctor
  const version = await clusterVersion(examination)
  const minor = version === undefined ? undefined : minorOf(version)
  const range = say.range(istioSupports.from, istioSupports.to)
  const mend = say.mend(versions.nodeImage)
  if (version === undefined || minor === undefined) {
    const kindVersion = asked.target === 'context' ? undefined : await machine.toolVersion('kind')
    if (kindVersion === undefined || asked.nodeImage !== undefined) return undefined
    return { verdict: 'warn', what: say.unknown(kindVersion), why: say.unknownWhy(versions.istio, range), mend }
  }
  if (minor >= istioSupports.from && minor <= istioSupports.to)
    return { verdict: 'ok', what: say.fits(version, versions.istio, range) }
  return { verdict: 'warn', what: say.outside(version, versions.istio, range), mend }
}

/** Of the cluster that is there, else of the one that kind would make; undefined where that cannot be told. */
async function clusterVersion({ machine, asked }: Examination): Promise<string | undefined> {
  if (asked.target === 'context') return machine.serverVersion(asked.name)
  const existing = await machine.nodeContainer(asked.name)
  const image = existing?.image ?? asked.nodeImage ?? (await defaultImage(machine))
  return image && versionOfImage(image)
}

/** Only the pinned kind is known to take the lesson's node image by itself; what is missing can be had pinned. */
async function defaultImage(machine: Examination['machine']): Promise<string | undefined> {
  const version = (await machine.toolVersion('kind')) ?? versions.kind
  return version === versions.kind ? versions.nodeImage : undefined
}

function missing(tool: Tool, { words: { doctor } }: Examination): Finding {
  return { verdict: 'fail', what: doctor.tools.missing(tool), mend: doctor.tools.mend }
}
