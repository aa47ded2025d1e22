/** What was recorded of a real cluster: JSON files that are read when they are needed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type RecordingFile = 'kind.json' | 'rbac.json' | 'server.json' | 'istio-demo.json' | 'istio-definitions.json'

/** Its text. Bundled programs find the files beside them. */
export function recording(file: RecordingFile): string {
  return readFileSync(join(import.meta.dirname, 'recordings', file), 'utf8')
}
