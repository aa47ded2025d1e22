/** The steps of the lesson, by id: what every table of words must name, and the compiler holds it to that. */
export type StepId =
  | 'cluster'
  | 'istio'
  | 'sidecars'
  | 'way-in'
  | 'bookinfo'
  | 'gateway'
  | 'destination-rules'
  | 'all-v1'
  | 'reviews-v3'
  | 'jason'

export type SectionId = 'install' | 'deploy' | 'version-route' | 'user-route'

export interface StepWords {
  title: string
  why: string
  try?: string
}

/** The words of the lesson in another language than that of the scripts. */
export interface LessonWords {
  sections: Readonly<Record<SectionId, string>>
  steps: Readonly<Record<StepId, StepWords>>
}
