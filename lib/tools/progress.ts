/** A progress bar on terminals; elsewhere nothing, as a log wants lines. */
import type { WriteStream } from 'node:tty'

const WIDTH = 30

/** Milliseconds between two pictures. */
const PAUSE_MS = 100

export interface ProgressBar {
  show(received: number, total: number | undefined): void
  clear(): void
}

export function progressBar(label: string, stream: Pick<WriteStream, 'isTTY' | 'write'> = process.stderr): ProgressBar {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined }
  let last = 0
  return {
    show(received, total) {
      const now = performance.now()
      if (now - last < PAUSE_MS && received !== total) return
      last = now
      stream.write(`\r\x1b[K${label}  ${picture(received, total)}`)
    },
    clear() {
      stream.write('\r\x1b[K')
    },
  }
}

/** `█████░░░░░  50 %  25.0 of 50.0 MB`, or only the megabytes where the total is unknown. */
export function picture(received: number, total: number | undefined): string {
  if (!total) return `${megabytes(received)} MB`
  const share = Math.min(1, received / total)
  const full = Math.floor(share * WIDTH)
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${percent} %  ${megabytes(received)} / ${megabytes(total)} MB`
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
