/** Stopped at every step, by Ctrl-C and worse; the same command again goes on and ends right. */
import * as assert from 'uvu/assert'
import { stillRunning, stoppedAt } from '../support/interruption.ts'
import { passes, type Story, says } from './story.ts'

/** Each step, by the last command it begins before it waits or proves. */
const moments: readonly [step: string, text: string][] = [
  ['cluster', '$ kind create cluster'],
  ['istio', '$ istioctl install'],
  ['sidecars', '$ kubectl label namespace'],
  ['way-in', '$ kubectl patch deploy'],
  ['bookinfo', '$ kubectl apply -f manifests/bookinfo.yaml'],
  ['gateway', '$ kubectl apply -f manifests/bookinfo-gateway.yaml'],
  ['destination-rules', '$ kubectl apply -f manifests/destination-rule-all.yaml'],
  ['all-v1', '$ kubectl apply -f manifests/virtual-service-all-v1.yaml'],
  ['reviews-v3', '$ kubectl patch vs reviews'],
  ['jason', '$ kubectl apply -f manifests/virtual-service-reviews-test-v2.yaml'],
]

function killed(step: string, text: string): Story {
  return {
    title: `killed (-9) at the step ${step}`,
    async tell(lab) {
      const stopped = await stoppedAt(text, 'SIGKILL', lab, lab.target)
      assert.is(stopped.signal, 'SIGKILL', stopped.output)
    },
  }
}

function interrupted(step: string, text: string, signal: NodeJS.Signals): Story {
  return {
    title: `resumed, then stopped by ${signal} at the step ${step}: no process is left, exit code 130`,
    async tell(lab) {
      const stopped = await stoppedAt(text, signal, lab, lab.target)
      assert.is(stopped.code, 130, stopped.output)
      says(stopped.output, './scripts/all.ts')
      if (process.platform === 'linux') assert.equal(stillRunning(lab), [])
    },
  }
}

/** One for where time is short. */
export const interruption = interrupted('istio', '$ istioctl install', 'SIGINT')

/** From nothing to the end of the lesson, each step cut off twice on the way. */
export const interruptions: readonly Story[] = [
  ...moments.flatMap(([step, text], index) => [
    killed(step, text),
    interrupted(step, text, index % 2 ? 'SIGINT' : 'SIGTERM'),
  ]),
  {
    title: 'the whole lesson goes right after all of that',
    tell: async (lab) => says(await passes(lab, 'all.ts'), 'jason sees v2'),
  },
]
