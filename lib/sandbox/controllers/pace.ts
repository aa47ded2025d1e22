/**
 * How long things take in the sandbox, in milliseconds: short enough not to wait for, but longer than the next kubectl
 * needs to begin, so that `kubectl rollout status` and `kubectl get pods` find what they find on a real cluster.
 */
export interface Pace {
  /** From a pod's start to the end of each init container. */
  initialize: number
  /** Until a pod's containers run. */
  start: number
  /** From one pod's start to the next one's, and from the end of a pod's containers to its own: each is seen. */
  apart: number
  /** Until they are ready. */
  ready: number
  /** From the end of a container until the kubelet sees to it. */
  notice: number
  /** From asking a pod to end until it is gone. */
  stop: number
  /** From asking a namespace to end until what is in it is taken away; a real one gives it 5 s. */
  empty: number
  /** From what failed to the next try; mostly doubles each time, as the kubelet's does from 10 s. */
  backOff: number
  /** Until an autoscaler is looked at, each time. */
  autoscale: number
  /** Until a claim that has found no volume looks again. */
  claim: number
}

export const lifelike: Pace = {
  initialize: 100,
  start: 500,
  apart: 10,
  ready: 30,
  notice: 1_000,
  stop: 1_000,
  empty: 1_500,
  backOff: 10_000,
  autoscale: 15_000,
  claim: 15_000,
}

export const immediate: Pace = {
  initialize: 0,
  start: 0,
  apart: 0,
  ready: 0,
  notice: 0,
  stop: 0,
  empty: 0,
  backOff: 50,
  autoscale: 50,
  claim: 50,
}
