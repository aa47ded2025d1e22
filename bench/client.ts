/** A plain client of the API, with nothing of its own to measure. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'
import { parse } from 'yaml'

interface Watcher {
  /** When something more has come. */
  next: () => Promise<unknown>
  close: () => void
}

export interface Client {
  send: (method: string, path: string, body?: object) => Promise<string>
  /** From now on. */
  watch: (path: string) => Promise<Watcher>
  close: () => void
}

export function connect(kubeconfig: string): Client {
  const config = parse(readFileSync(kubeconfig, 'utf8'))
  const [{ cluster }, { user }] = [config.clusters[0], config.users[0]]
  const [ca, cert, key] = [
    cluster['certificate-authority-data'],
    user['client-certificate-data'],
    user['client-key-data'],
  ].map((data) => Buffer.from(data, 'base64'))
  const agent = new Agent({ keepAlive: true, ca, cert, key })
  const headers = { 'content-type': 'application/json' }
  const open = async (method: string, path: string, body?: object) => {
    const outgoing = request(new URL(path, cluster.server), { method, agent, headers }).end(
      body && JSON.stringify(body),
    )
    const [response] = await once(outgoing, 'response')
    return { outgoing, response }
  }
  return {
    send: async (method, path, body) => {
      const { response } = await open(method, path, body)
      const answer = await text(response)
      if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${answer}`)
      return answer
    },
    watch: async (path) => {
      const { metadata } = JSON.parse(await text((await open('GET', path)).response))
      const { outgoing, response } = await open('GET', `${path}?watch=1&resourceVersion=${metadata.resourceVersion}`)
      return { next: () => once(response, 'data'), close: () => outgoing.destroy() }
    },
    close: () => agent.destroy(),
  }
}
