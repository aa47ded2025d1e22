/** The last lines of a run: where the page is, what goes on running, what to do next, how to take it all away. */
import type { Lab } from './lab.ts'
import { type Section, type Step, scriptOf } from './lesson.ts'

/** Each line's name and what it says. */
export type Ending = [name: string, text: string][]

/** @param last the step that the run ended with, and its section */
export async function ending({ section, step }: { section: Section; step: Step }, lab: Lab): Promise<Ending> {
  const { target, words } = lab
  const { keepOpen, url } = await lab.page()
  const address = process.env.LAB_PAGE_URL ? new URL('/productpage', process.env.LAB_PAGE_URL).href : url
  const next = nextScript(section.id)
  const tip = words.step(step).try
  const running = target.running()
  return [
    [
      words.page,
      `${keepOpen ? `${keepOpen}\n${url.replace(/:\d+/, ':8080')}` : address}${target.simulated ? `  (${words.simulated})` : ''}`,
    ],
    ...(running ? [[words.running, running] as [string, string]] : []),
    [words.byHand, target.byHand()],
    ...(tip ? [[words.tryNext, tip] as [string, string]] : []),
    ...(next ? [[words.next, next] as [string, string]] : []),
    [words.stop, './scripts/clean-up.ts --all'],
  ]
}

/** The script of the section after this one. */
function nextScript(id: Section['id']): string | undefined {
  const scripts = Object.values(scriptOf)
  return scripts[scripts.indexOf(scriptOf[id]) + 1]
}
