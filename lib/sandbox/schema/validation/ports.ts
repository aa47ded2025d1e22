/** Ports, by number or by name. */
import { inFormat, isPortName } from './formats.ts'
import { inRange, type Problem } from './problems.ts'

/** In the order in which the server names them. */
export const protocols = ['SCTP', 'TCP', 'UDP']

export function checkPort(port: number | undefined, path: string): Problem[] {
  return inRange(port ?? 0, path, 1, 65535)
}

export function checkPortOrName(port: number | string | undefined, path: string): Problem[] {
  return typeof port === 'string' ? inFormat(port, path, isPortName) : checkPort(port, path)
}
