/** HTTP as bytes, for what no client sends or shows. */
import { connect } from 'node:net'

/** What comes back until the connection ends, a letter a byte. */
export async function send(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  // A server that hangs up while the request is still being sent is what some of the tests look for.
  socket.on('error', () => {})
  socket.end(bytes)
  await new Promise((resolve) => socket.once('close', resolve))
  return answer
}
