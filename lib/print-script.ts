/** `--print`: the steps as a plain shell script, with the waits in kubectl's own words. */
import type { Condition } from './conditions.ts'
import { commandsOf, type Section, type Settings, type Step } from './lesson.ts'
import type { LabRecord } from './state.ts'
import type { Target } from './targets/target.ts'
import type { Lesson } from './words/lesson.ts'

interface Place {
  record: LabRecord
  target: Target
  settings: Settings
  words: Lesson
}

export function shellScript(chosen: readonly { section: Section; step: Step }[], place: Place): string {
  const steps = chosen.map(({ section, step }, i) => {
    const heading = chosen[i - 1]?.section === section ? [] : [`\n#### ${place.words.title(section)}`]
    // What a step waits for beside the next one, a shell waits for after that one's own commands.
    const beside = [
      ...(chosen[i - 1]?.step.meanwhile ?? []),
      ...(i === chosen.length - 1 ? (step.meanwhile ?? []) : []),
    ]
    return [...heading, ...stepLines(step, beside, place)].join('\n')
  })
  return `${[...head(place), ...steps].join('\n')}\n`
}

function head({ record, target, words }: Place): string[] {
  return [
    '#!/usr/bin/env bash',
    `# ${words.printedFor(target.title)}`,
    ...(target.simulated ? [`# ${words.printedInSandbox(target.byHand())}`] : []),
    'set -euo pipefail',
    ...(record.target === 'context'
      ? [target.byHand()]
      : record.name === 'kind'
        ? []
        : [`export KIND_CLUSTER_NAME=${record.name}`]),
  ]
}

function stepLines(step: Step, beside: readonly Condition[], { target, settings, words }: Place): string[] {
  const { title, why } = words.step(step)
  const reason = target.leavesOut[step.id]
  const heading = ['', `# ${title}`]
  if (reason) return [...heading, `# ${words.leftOut(reason)}`]
  const waits = [...(step.ready ?? []), ...beside].flatMap(({ shell = [] }) => shell)
  return [...heading, ...comment(why), ...[...commandsOf(step, settings), ...waits, ...(step.show ?? [])].map(String)]
}

/** Comment lines of at most a hundred columns. */
function comment(text: string): string[] {
  return (text.match(/.{1,98}(?:\s+|$)/g) ?? []).map((line) => `# ${line.trim()}`)
}
