/** What runs in a container, as far as the sandbox plays it: something that listens on a port and answers. */
import type { KubeObject } from '../objects.ts'
import type { HttpRequest, HttpResponse } from './http.ts'

/** A running container, as its application sees the world. */
export interface Workload {
  pod: KubeObject
  /** A variable of the container's environment. */
  env(name: string): string | undefined
  /**
   * Asks another service, through the pod's sidecar where it has one. timeout in milliseconds.
   * @throws CallError where no answer comes
   */
  call(request: HttpRequest, timeout: number): Promise<HttpResponse>
  log(line: string | (() => string)): void
}

export class CallError extends Error {}

export interface Application {
  port: number
  /** What it writes as soon as it listens. */
  greeting(time: Date): string
  answer(request: HttpRequest, workload: Workload): HttpResponse | Promise<HttpResponse>
}

/** Undefined where the sandbox plays nothing of that name: nothing listens then. */
export type FindApplication = (image: string) => Application | undefined
