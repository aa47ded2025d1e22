/**
 * Which target a script works with: what the command line names, else what the last script used, else what suits the
 * machine. Never a cluster that nobody named.
 */
import { thisMachine } from '../doctor/machine.ts'
import { portHolder } from '../machine.ts'
import type { Options, TargetId } from '../options.ts'
import { currentLab, type LabRecord, labOf } from '../state.ts'
import { envWithTools } from '../tools/bin.ts'
import type { Offer } from '../tools/offer.ts'
import { tools } from '../tools/releases.ts'
import { versions } from '../versions.ts'
import type { Words } from '../words/en.ts'
import { httpsPortOf } from './cluster-config.ts'
import { contextTarget } from './context.ts'
import { kindTarget } from './kind.ts'
import { mappedPorts, sandboxTarget } from './sandbox.ts'
import type { Target } from './target.ts'

const DEFAULT_NAME = 'kind'
const DEFAULT_PORT = 8080

/** How many ports above a taken one are tried for the sandbox's page. */
const PORTS_TO_TRY = 50

const targets: Readonly<Record<TargetId, (record: LabRecord, words: Words) => Target>> = {
  kind: kindTarget,
  context: contextTarget,
  sandbox: sandboxTarget,
}

export type Choosing = Pick<Options, 'target' | 'context' | 'name' | 'port' | 'nodeImage'>

export interface Choice {
  record: LabRecord
  target: Target
  /** What the user should know about how this target came to be chosen. */
  notes: string[]
}

/** @param offer asks whether missing tools may be downloaded, where that alone keeps the lesson from a real cluster */
export async function choose(options: Choosing, words: Words, offer?: Offer): Promise<Choice> {
  const before = currentLab()
  // A name or a port is that of a cluster of the lesson's own: with it, no context is gone on with that only looks alike.
  const last = before?.target === 'context' && (options.name || options.port) ? undefined : before
  const notes: string[] = []

  const id = options.context ? 'context' : (options.target ?? last?.target ?? (await suitable(notes, words, offer)))
  const sameKind = last?.target === id ? last : undefined
  const name = options.context ?? options.name ?? sameKind?.name ?? DEFAULT_NAME
  const known = labOf({ target: id, name })
  // A sandbox that was made by hand has the port of its own configuration.
  const mapped = id === 'sandbox' ? mappedPorts(name)?.[0] : undefined
  const port = options.port ?? mapped ?? known?.port ?? (id === 'sandbox' ? await freePort(notes, words) : DEFAULT_PORT)
  const isNewKind = id === 'kind' && !known?.made.cluster
  const nodeImage = options.nodeImage ?? known?.nodeImage ?? (isNewKind ? await imageToName(notes, words) : undefined)
  const record: LabRecord = {
    target: id,
    name,
    port,
    ...(nodeImage ? { nodeImage } : {}),
    ...(options.name || known?.named ? { named: true } : {}),
    made: known?.made ?? {},
  }
  const target = targets[id](record, words)
  if (before && (before.target !== id || before.name !== name))
    notes.push(words.chosen(target.title, words.lab[before.target](before.name)))
  return { record, target, notes }
}

/** kind where Docker's engine answers and the lesson's tools are there, else the sandbox, with the reason said. */
async function suitable(notes: string[], words: Words, offer?: Offer): Promise<TargetId> {
  const machine = thisMachine(envWithTools())
  const engine = await machine.engine()
  if (!engine.ok) {
    notes.push(words.sandboxInstead(words.noDocker(engine.reason)))
    return 'sandbox'
  }
  const found = await Promise.all(tools.map(machine.toolVersion))
  const missing = tools.filter((_, i) => !found[i])
  if (missing.length === 0 || (await offer?.(missing))) return 'kind'
  notes.push(words.sandboxInstead(words.noTool(missing)), words.doctor.ask.later)
  return 'sandbox'
}

/** Another kind than the lesson's would take a node image of its own, whose Kubernetes may be too new for this Istio. */
async function imageToName(notes: string[], words: Words): Promise<string | undefined> {
  const version = await thisMachine(envWithTools()).toolVersion('kind')
  if (!version || version === versions.kind) return undefined
  notes.push(words.otherKind(version, versions.nodeImage))
  return versions.nodeImage
}

async function freePort(notes: string[], words: Words): Promise<number> {
  const taken = await takenPort(DEFAULT_PORT, words)
  if (!taken) return DEFAULT_PORT
  for (let port = DEFAULT_PORT + 1; port < DEFAULT_PORT + PORTS_TO_TRY; port++) {
    if (await takenPort(port, words)) continue
    notes.push(words.portTaken(taken.port, taken.holder, port))
    return port
  }
  return DEFAULT_PORT
}

/** Of the two that the lesson's configuration maps: the page's, and the one for HTTPS. */
async function takenPort(page: number, words: Words): Promise<{ port: number; holder: string } | undefined> {
  for (const port of [page, httpsPortOf(page)]) {
    const holder = await portHolder(port, words)
    if (holder) return { port, holder }
  }
  return undefined
}
