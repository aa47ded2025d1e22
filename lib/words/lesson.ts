/** The words of one language: the runner's own, and those of the lesson's sections and steps. */
import { type Section, type Step, scriptOf } from '../lesson.ts'
import type { Lang } from '../options.ts'
import { en, type Words } from './en.ts'
import type { SectionId, StepId, StepWords } from './steps.ts'

export interface Lesson extends Words {
  title(section: Section | undefined): string
  step(step: Step): StepWords
}

/** English stands in the scripts themselves; other languages in tables by id. */
export async function lessonIn(lang: Lang): Promise<Lesson> {
  if (lang === 'en') return { ...en, title: (section) => section?.title ?? '', step: (step) => step }
  const { ru, lesson } = await import('./ru.ts')
  return {
    ...ru,
    title: (section) => (section ? lesson.sections[section.id] : ''),
    step: ({ id }) => lesson.steps[id],
  }
}

/** The section that holds a step. */
export const sectionOf: Readonly<Record<StepId, SectionId>> = {
  cluster: 'install',
  istio: 'install',
  sidecars: 'install',
  'way-in': 'install',
  bookinfo: 'deploy',
  gateway: 'deploy',
  'destination-rules': 'version-route',
  'all-v1': 'version-route',
  'reviews-v3': 'version-route',
  jason: 'user-route',
}

/** The script that brings a step about. */
export function scriptOfStep(step: StepId): string {
  return scriptOf[sectionOf[step]]
}
