/** A way to Docker's engine that can be cut: for the scripts it is as if the engine were stopped, for others it is not. */
import { createServer, connect as open, type Socket } from 'node:net'
import { join } from 'node:path'
import { temporaryFolder } from '../support/folder.ts'

export interface Relay {
  /** For DOCKER_HOST. */
  address: string
  /** From now on nothing answers at that address, and what was under way breaks off. */
  cut: () => void
}

/** @throws Error where Docker is not reached by a socket of this machine */
export async function dockerRelay(): Promise<Relay> {
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock'
  if (!host.startsWith('unix://')) throw new Error(`cannot stand between: DOCKER_HOST is ${host}`)
  const connections = new Set<Socket>()
  // Docker closes one half of a connection before the other, as with what is attached.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = open({ path: host.slice('unix://'.length), allowHalfOpen: true })
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      connections.add(from)
      from.on('error', () => to.destroy()).on('close', () => connections.delete(from))
      from.pipe(to)
    }
  })
  server.unref()
  const path = join(temporaryFolder(), 'docker.sock')
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    address: `unix://${path}`,
    cut: () => {
      server.close()
      for (const connection of connections) connection.destroy()
    },
  }
}
