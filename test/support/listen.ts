/** Servers of tests: on a free port of loopback, and never a reason for the process to go on. */
import type { Server } from 'node:http'
import type { AddressInfo, Server as TcpServer } from 'node:net'

export async function listen(
  server: Server | TcpServer,
  port = 0,
): Promise<{ port: number; close: () => Promise<void> }> {
  server.on('connection', (socket) => socket.unref())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.unref()
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const { port, close } = await listen(createServer())
  await close()
  return port
}
