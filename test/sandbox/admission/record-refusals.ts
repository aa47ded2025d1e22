/**
 * Records what a real istiod's webhook says of the objects of test/conform/refusals.ts, which are not stored:
 * `node --import tsx/esm test/sandbox/admission/record-refusals.ts` (KUBECONFIG names the cluster, with Istio in it).
 * Left out are objects that are refused before they reach the webhook, and those of which its words change from one
 * time to the next, as the order of Go's maps does.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { type Refused, refused } from '../../conform/refusals.ts'

const DENIED = /admission webhook "validation\.istio\.io" denied the request: ([\s\S]*)$/

const TIMES = 4

/** `''` where the webhook lets the object pass; undefined where it is never asked. */
function wordsOf(object: Refused): string | undefined {
  const args = ['create', '--dry-run=server', '-o', 'name', '-f', '-']
  const { status, stderr } = spawnSync('kubectl', args, { input: JSON.stringify(object), encoding: 'utf8' })
  return status === 0 ? '' : DENIED.exec(stderr)?.[1]?.trimEnd().replace(/ {2,}/g, ' ')
}

const lines = refused.flatMap((object) => {
  const [words, ...again] = Array.from({ length: TIMES }, () => wordsOf(object))
  return words === undefined || again.some((other) => other !== words) ? [] : [JSON.stringify([object, words])]
})
writeFileSync(new URL('../../fixtures/golden/refusals.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`)
console.log(`${lines.length} of ${refused.length} objects recorded`)
