/** `--print`: the steps as a plain shell script, with the waits in kubectl's own words. */
import { existsSync } from 'node:fs'
import type { Condition } from './conditions.ts'
import { commandsOf, type Section, type Settings, type Step } from './lesson.ts'
import type { TargetId } from './options.ts'
import { type Command, quote, sh } from './sh.ts'
import type { LabRecord } from './state.ts'
import { contextView } from './targets/context.ts'
import type { Target } from './targets/target.ts'
import { binFolder } from './tools/bin.ts'
import type { Lesson } from './words/lesson.ts'

interface Where {
  record: LabRecord
  target: Target
  words: Lesson
}

interface Place extends Where {
  settings: Settings
  /** Of each wait. */
  limitMs: number | undefined
}

const USUAL_LIMIT_MS = 300_000

export function shellScript(chosen: readonly { section: Section; step: Step }[], place: Place): string {
  const creates = chosen[0]?.step.id === 'cluster' && !place.target.leavesOut.cluster
  const steps = chosen.map(({ section, step }, i) => {
    const heading = chosen[i - 1]?.section === section ? [] : [`\n#### ${place.words.title(section)}`]
    // What a step waits for beside the next one, a shell waits for after that one's own commands.
    const beside = [
      ...(chosen[i - 1]?.step.meanwhile ?? []),
      ...(i === chosen.length - 1 ? (step.meanwhile ?? []) : []),
    ]
    const afterwards = creates && i === 0 ? kubeconfigLines(place) : []
    return [...heading, ...stepLines(step, { beside, afterwards }, place)].join('\n')
  })
  return `${[...head(place), ...(creates ? [] : kubeconfigLines(place)), ...steps].join('\n')}\n`
}

/** Commands alone, one after the other. */
export function commandScript(commands: readonly Command[], where: Where): string {
  const own = commands.some((command) => String(command).startsWith('kubectl ')) ? kubeconfigLines(where) : []
  return `${[...head(where), ...own, '', ...commands.map(String)].join('\n')}\n`
}

function head({ record, target, words }: Where): string[] {
  return [
    '#!/usr/bin/env bash',
    `# ${words.printedFor(target.title)}`,
    ...(target.simulated ? [`# ${words.printedInSandbox(target.byHand())}`] : []),
    'set -euo pipefail',
    ...(!target.simulated && existsSync(binFolder()) ? [`export PATH=${quote(binFolder())}:"$PATH"`] : []),
    ...(record.target === 'context' || record.name === 'kind' ? [] : [`export KIND_CLUSTER_NAME=${record.name}`]),
  ]
}

/** What writes the kubeconfig of a cluster that is there; in the sandbox's shell it is set already. */
const kubeconfigs: Readonly<Record<TargetId, (name: string) => Command | undefined>> = {
  kind: (name) => sh`kind get kubeconfig --name ${name}`,
  context: contextView,
  sandbox: () => undefined,
}

/** The script fails here where there is no such cluster. */
function kubeconfigLines({ record, words }: Where): string[] {
  const write = kubeconfigs[record.target](record.name)
  if (!write) return []
  return [
    '',
    `# ${words.printedKubeconfig}`,
    'kubeconfig=$(mktemp)',
    `trap 'rm -f "$kubeconfig"' EXIT`,
    `${write} >"$kubeconfig"`,
    'export KUBECONFIG="$kubeconfig"',
  ]
}

interface Between {
  /** What is waited for besides what the step promises. */
  beside: readonly Condition[]
  /** Lines that follow the step's own commands. */
  afterwards: readonly string[]
}

function stepLines(step: Step, { beside, afterwards }: Between, place: Place): string[] {
  const { target, settings, words, limitMs = USUAL_LIMIT_MS } = place
  const { title, why } = words.step(step)
  const reason = target.leavesOut[step.id]
  const heading = ['', `# ${title}`]
  if (reason) return [...heading, `# ${words.leftOut(reason)}`]
  const limit = `${Math.ceil(limitMs / 1000)}s`
  const waits = [...(step.ready ?? []), ...beside].flatMap(({ shell }) => shell?.(limit) ?? [])
  return [
    ...heading,
    ...comment(why),
    ...commandsOf(step, settings).map(String),
    ...(afterwards.length > 0 ? [...afterwards, ''] : []),
    ...[...waits, ...(step.show ?? [])].map(String),
  ]
}

/** Comment lines of at most a hundred columns. */
function comment(text: string): string[] {
  return (text.match(/.{1,98}(?:\s+|$)/g) ?? []).map((line) => `# ${line.trim()}`)
}
