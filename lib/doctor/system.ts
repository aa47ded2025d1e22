/** This machine itself: Node, the kernel's limits, ports. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../state.ts'
import { httpsPortOf } from '../targets/cluster-config.ts'
import type { Examination, Finding } from './finding.ts'
import { atLeast } from './versions.ts'

/** What kind's page of known issues asks for. */
const INOTIFY = { watches: 524_288, instances: 512 } as const

/** Ubuntu's 8192 and 128 are known to fail; from half of kind's figures on one node has enough. */
const INOTIFY_ENOUGH = { watches: 65_536, instances: 256 } as const

/** How far from a taken port another one is proposed. */
const NEXT_PORT = 10

export async function node({ machine, words: { doctor } }: Examination): Promise<Finding> {
  const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'))
  const least: string = manifest.engines.node.replace('>=', '')
  if (atLeast(machine.nodeVersion, least)) return { verdict: 'ok', what: doctor.node.fits(machine.nodeVersion) }
  return {
    verdict: 'fail',
    what: doctor.node.tooOld(machine.nodeVersion),
    why: doctor.node.why(least),
    mend: doctor.node.mend,
  }
}

export async function inotify({ machine, words: { doctor } }: Examination): Promise<Finding | undefined> {
  const watches = machine.kernelLimit('fs/inotify/max_user_watches')
  const instances = machine.kernelLimit('fs/inotify/max_user_instances')
  if (watches === undefined || instances === undefined) return undefined
  if (watches >= INOTIFY_ENOUGH.watches && instances >= INOTIFY_ENOUGH.instances)
    return { verdict: 'ok', what: doctor.inotify.limits(watches, instances) }
  return {
    verdict: 'warn',
    what: doctor.inotify.low(watches, instances),
    why: doctor.inotify.why,
    mend: doctor.inotify.mend(Math.max(watches, INOTIFY.watches), Math.max(instances, INOTIFY.instances)),
  }
}

/** A taken port makes kind fail late, with Docker's words. */
export async function kindPorts(examination: Examination): Promise<Finding> {
  const { machine, asked, words } = examination
  const ports = [asked.port, httpsPortOf(asked.port)]
  const cluster = await machine.nodeContainer(asked.name)
  // Whether this cluster may be used is another check's question.
  if (cluster?.pagePorts.includes(String(asked.port)))
    return { verdict: 'ok', what: words.doctor.ports.own(ports, `kind-${asked.name}`) }
  return takenOf(ports, examination)
}

/** The sandbox takes the next port by itself, unless this very one is asked for. */
export async function sandboxPort(examination: Examination): Promise<Finding | undefined> {
  const { asked } = examination
  if (asked.target !== 'sandbox' || !asked.portGiven || asked.made) return undefined
  return takenOf([asked.port, httpsPortOf(asked.port)], examination)
}

async function takenOf(ports: readonly number[], { machine, words }: Examination): Promise<Finding> {
  const { doctor } = words
  const holders = await Promise.all(ports.map((port) => machine.portHolder(port, words)))
  const taken = holders.findIndex((holder) => holder !== undefined)
  const port = ports[taken]
  const holder = holders[taken]
  if (port === undefined || holder === undefined) return { verdict: 'ok', what: doctor.ports.free(ports) }
  return {
    verdict: 'fail',
    what: doctor.ports.taken(port),
    seen: doctor.ports.heldBy(holder),
    mend: doctor.ports.mend((ports[0] ?? port) + NEXT_PORT),
  }
}
