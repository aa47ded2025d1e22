/** Service reviews: three versions, which differ in the stars they show. */
import { CallError, type Workload } from '../mesh/application.ts'
import type { HttpRequest } from '../mesh/http.ts'
import { type Answer, authorityOf, fetchFrom, get, health, json, passOn, routed } from './answers.ts'

export interface ReviewsVersion {
  /** Undefined: shows none and never asks ratings. */
  stars: 'black' | 'red' | undefined
  /** Milliseconds to wait for ratings. */
  ratingsLimit: number
}

const texts = {
  Reviewer1: 'Two pairs of twins, one long day, and a play that never stops laughing.',
  Reviewer2: 'Great fun on a stage; lighter than the plays that made his name.',
}

type Rating = { stars: number; color: string } | { error: string }

export function reviews(version: ReviewsVersion): Answer<Workload> {
  const answer = routed<Workload>([
    health('Reviews'),
    {
      method: 'GET',
      path: /^\/reviews\/([^/]+)$/,
      answer: async (request, workload, id = '') => {
        const rating = version.stars && (await rate(request, workload, id, version))
        return json(200, {
          id,
          podname: workload.pod.metadata.name,
          clustername: workload.env('CLUSTER_NAME') || 'null',
          reviews: Object.entries(texts).map(([reviewer, text]) => ({
            reviewer,
            text,
            ...(rating ? { rating: rating(reviewer) } : {}),
          })),
        })
      },
    },
  ])
  return async (request, workload) => {
    const response = await answer(request, workload)
    const { method, path } = request
    const { status } = response
    const time = new Date()
    workload.log(() => `[${time.toISOString()}] ${method} ${path} ${status}`)
    return response
  }
}

/** Asks ratings; its failure is shown beside each review, which is there all the same. */
async function rate(
  request: HttpRequest,
  workload: Workload,
  id: string,
  { stars, ratingsLimit }: ReviewsVersion,
): Promise<(reviewer: string) => Rating> {
  const headers = passOn(request.headers, { 'end-user': request.headers['end-user'] })
  const found = await ask(
    get(authorityOf('ratings', workload.env), `/ratings/${encodeURIComponent(id)}`, headers),
    workload,
    ratingsLimit,
  )
  return (reviewer) =>
    found
      ? { stars: found[reviewer] ?? 0, color: stars as string }
      : { error: 'Ratings service is currently unavailable' }
}

async function ask(
  request: HttpRequest,
  workload: Workload,
  limit: number,
): Promise<Record<string, number> | undefined> {
  try {
    const { status, body } = await fetchFrom(workload, request, limit)
    return status === 200 ? parseRatings(String(body)) : undefined
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    workload.log(`Error: unable to contact ${request.authority}: ${error.message}`)
    return undefined
  }
}

/** A rule may have had somebody else answer: then the text may be anything. */
function parseRatings(body: string): Record<string, number> | undefined {
  try {
    return JSON.parse(body).ratings
  } catch {
    return undefined
  }
}
