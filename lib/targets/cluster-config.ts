/** manifests/kind-cluster.yaml, with the ports that were chosen. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import { projectFolder } from '../state.ts'
import type { Words } from '../words/en.ts'

const PAGE_PORT = 8080
const HTTPS_PORT = 8443

/** The HTTPS port lies as far above the page's as 8443 above 8080. */
export function httpsPortOf(pagePort: number): number {
  return pagePort + HTTPS_PORT - PAGE_PORT
}

/** The cluster's configuration as it is run and shown: its comments stay, its host ports are the chosen ones. */
export async function clusterConfig(
  pagePort: number,
  words: Words,
  manifest = 'manifests/kind-cluster.yaml',
): Promise<string> {
  const file = join(projectFolder, manifest)
  try {
    const text = readFileSync(file, 'utf8')
    if (pagePort === PAGE_PORT) return text
    const { parseDocument } = await import('yaml')
    const document = parseDocument(text)
    if (document.errors[0]) throw document.errors[0]
    const mappings = document.getIn(['nodes', 0, 'extraPortMappings']) as { items: unknown[] }
    for (const index of mappings.items.keys()) {
      const at = ['nodes', 0, 'extraPortMappings', index]
      const shift = Number(document.getIn([...at, 'hostPort'])) - PAGE_PORT
      document.setIn([...at, 'hostPort'], pagePort + shift)
    }
    return document.toString({ lineWidth: 0, indentSeq: false })
  } catch (cause) {
    throw new Failure(words.noClusterConfig(manifest), {
      seen: String(cause),
      mend: `git checkout ${manifest}`,
      cause,
    })
  }
}
