/** Docker's engine and what it has: version, cgroup, memory, disk. */
import { versions } from '../versions.ts'
import type { Examination, Finding } from './finding.ts'
import { atLeast, minorOf } from './versions.ts'

/** The first Docker that knows `--cgroupns`, with which kind starts its nodes. */
const LEAST_DOCKER = '20.10'

/** The first Kubernetes whose kubelet refuses cgroup version 1, as a minor of 1. */
const FIRST_WITHOUT_CGROUP_1 = 35

const GB = 1e9

/** Measured: the node with all of the lesson takes 0.9 to 1.2 GB; the rest is for Docker and pulling images. */
const LEAST_MEMORY = 2 * GB
const LEAST_FREE_MEMORY = 1.5 * GB

/** Unpacked: the node image 1 GB, Istio's 0.5 GB, Bookinfo's 2 GB. */
const LEAST_DISK = 4 * GB
const GOOD_DISK = 8 * GB

export async function docker({ machine, words: { doctor } }: Examination): Promise<Finding> {
  const { docker: say } = doctor
  const engine = await machine.engine()
  if (!engine.ok)
    return {
      verdict: 'fail',
      what: say.unusable(engine.reason),
      seen: engine.detail,
      mend: say.mend[engine.reason],
    }
  if (!atLeast(engine.version, LEAST_DOCKER))
    return {
      verdict: 'fail',
      what: say.tooOld(engine.version),
      why: say.tooOldWhy(LEAST_DOCKER),
      mend: say.tooOldMend,
    }
  return { verdict: 'ok', what: say.answers(engine.version) }
}

export async function cgroup({ machine, asked, words: { doctor } }: Examination): Promise<Finding | undefined> {
  const version = (await machine.engineInfo())?.cgroupVersion
  if (!version) return undefined
  const image = asked.nodeImage ?? versions.nodeImage
  if (version === '1' && (minorOf(image) ?? 0) >= FIRST_WITHOUT_CGROUP_1)
    return {
      verdict: 'fail',
      what: doctor.cgroup.tooOld(image),
      why: doctor.cgroup.why,
      mend: doctor.cgroup.mend(versions.nodeImage),
    }
  return { verdict: 'ok', what: doctor.cgroup.fits(version) }
}

export async function memory({ machine, words: { doctor } }: Examination): Promise<Finding | undefined> {
  const info = await machine.engineInfo()
  if (!info) return undefined
  const { memory: say } = doctor
  const { gigabytes } = doctor
  const total = gigabytes(info.memory / GB)
  if (info.memory < LEAST_MEMORY) return { verdict: 'fail', what: say.short(total), why: say.why, mend: say.mend }
  const free = machine.freeMemory()
  if (free !== undefined && free < LEAST_FREE_MEMORY)
    return { verdict: 'warn', what: say.little(gigabytes(free / GB)), why: say.why, mend: say.mendFree }
  return { verdict: 'ok', what: say.total(total, free === undefined ? undefined : gigabytes(free / GB)) }
}

export async function disk({ machine, words: { doctor } }: Examination): Promise<Finding | undefined> {
  const folder = (await machine.engineInfo())?.folder
  const free = folder && (await machine.freeDisk(folder))
  if (!folder || free === '' || free === undefined) return undefined
  const { disk: say } = doctor
  const amount = doctor.gigabytes(free / GB)
  if (free >= GOOD_DISK) return { verdict: 'ok', what: say.free(amount, folder) }
  return {
    verdict: free < LEAST_DISK ? 'fail' : 'warn',
    what: say.short(amount, folder),
    why: say.why,
    mend: say.mend,
  }
}
