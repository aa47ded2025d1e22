/** Faults of the machine, known by what programs and clusters say of them; each with its reason and what helps. */
import { Failure, notReady } from './failure.ts'
import type { Words } from './words/en.ts'

type FaultId = 'diskFull' | 'rateLimit' | 'clock' | 'openFiles' | 'memory' | 'slow'

const faults: readonly (readonly [FaultId, RegExp])[] = [
  ['diskFull', /no space left on device|disk quota exceeded|disk-pressure|DiskPressure|ENOSPC|EDQUOT/i],
  ['rateLimit', /toomanyrequests|pull rate limit|429 Too Many Requests/i],
  ['clock', /certificate (has expired or )?is not yet valid|certificate has expired|CERT_(NOT_YET_VALID|HAS_EXPIRED)/i],
  ['openFiles', /too many open files|EMFILE|ENFILE|inotify/i],
  // A pod that complains of nothing: a complaint would stand behind its phase.
  ['slow', /: (ContainerCreating|Pending|Running)$/m],
  ['memory', /OOMKilled|Insufficient memory|cannot allocate memory|memory-pressure|ended with code 137/i],
]

/** What a person reads of an error: a failure with what is known of its fault; a bug as it is. */
export function recognised(error: unknown, words: Words): unknown {
  const failure = error instanceof Failure ? error : failureOfSystem(error, words)
  if (!failure) return error
  const { message, seen, why, mend } = failure
  const said = [message, seen, ...why].join('\n')
  const known = faults.filter(([, pattern]) => pattern.test(said)).map(([id]) => words.faults[id])
  if (known.length === 0) return failure
  return failure.with({
    why: [...why, ...known.map((fault) => fault.why)],
    mend: [...known.map((fault) => fault.mend), mend].filter(Boolean).join('\n'),
  })
}

/** Where this machine does not let a file be written or read, that is no bug; other system errors may be one. */
const OF_THE_MACHINE = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'EIO', 'ENOTDIR'])

function failureOfSystem(error: unknown, words: Words): Failure | undefined {
  const { code, path, syscall, message } = error as NodeJS.ErrnoException
  if (!code || !syscall || !OF_THE_MACHINE.has(code)) return undefined
  return notReady(words.faults.file(path), { seen: message, cause: error })
}
