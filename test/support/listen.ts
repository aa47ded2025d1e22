/** Servers of tests: on a free port of loopback, and never a reason for the process to go on. */
import { randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net'

export async function listen(
  server: Server | TcpServer,
  port = 0,
): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    socket.unref()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.unref()
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      // A server is closed once its last connection is, and those keep no process alive to see it.
      for (const socket of sockets) socket.destroy()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

/** Below the ports that systems give to clients: one of those can be taken by any connection a moment later. */
const OWN_PORTS = { from: 12_000, to: 30_000 }

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(OWN_PORTS.from, OWN_PORTS.to)
    try {
      const { close } = await listen(createServer(), port)
      await close()
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}
