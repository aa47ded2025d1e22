/** `kind load` and `kind build`: the sandbox runs no images, and says so. */
import type { CommandLine } from '../cli/flags.ts'
import { readSettings } from '../cluster/settings.ts'
import { clusterName } from './line.ts'

export function loadImage(line: CommandLine): void {
  if (line.words.length === 0) throw new Error('a list of image names is required')
  refuseToLoad(line)
}

export function loadArchive(line: CommandLine): void {
  if (line.words.length === 0) throw new Error('a path to an image archive is required')
  refuseToLoad(line)
}

function refuseToLoad(line: CommandLine): void {
  const cluster = clusterName(line)
  if (!readSettings(cluster)) throw new Error(`no nodes found for cluster ${JSON.stringify(cluster)}`)
  throw new Error(
    `the sandbox runs no images, so there is nowhere to load ${line.words.join(', ')}; which images it pretends to have is said in lib/sandbox/README.md`,
  )
}

export function buildImage(): void {
  throw new Error('the sandbox runs no images, so there is none to build')
}
