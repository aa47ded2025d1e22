/**
 * The store's memory on disk: one line a change, appended before the change is answered, so that nothing answered is
 * lost when the process is killed. (The line is then with the system; a power cut may take the last moment's.)
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../objects.ts'
import { shared } from '../schema/shared-fields.ts'
import type { Store, StoreEvent } from './store.ts'

type Entry = Omit<StoreEvent, 'previous'>

export interface Journal {
  /** Where a damaged journal was put aside; what came before the damage was restored. */
  damaged?: string
  close: () => void
}

/** A journal with so many lines for each object is written anew, with the objects alone. */
const LINES_PER_OBJECT = 8
const FEWEST_LINES = 2000

/**
 * Puts what the folder remembers into the store, and writes its changes there from then on. A change that cannot be
 * written is not made, and leaves nothing of itself behind.
 * @throws where the journal is damaged and there is no room to set it aside
 */
export function openJournal(folder: string, store: Store): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'journal')
  const { entries, isDamaged } = read(path)
  for (const entry of entries) store.restore(entry)
  const damaged = isDamaged ? replaceDamaged(path, store) : undefined
  let file = openSync(path, 'a', 0o600)
  let end = fstatSync(file).size
  let lines = entries.length
  let mostLines = 0
  rewrite()

  /** Goes over to a new file with the objects alone; where there is no room for it, the old one goes on. */
  function rewrite(more?: Entry): void {
    try {
      const written = writeAnew(path, store, more)
      closeSync(file)
      file = openSync(path, 'a', 0o600)
      end = fstatSync(file).size
      lines = written
    } catch (error) {
      if (!isOutOfRoom(error)) throw error
      rmSync(newPath(path), { force: true })
    }
    mostLines = Math.max(FEWEST_LINES, LINES_PER_OBJECT * count(store), 2 * lines)
  }

  store.persist = (event) => {
    try {
      end += writeLine(file, event)
    } catch (error) {
      ftruncateSync(file, end)
      throw error
    }
    lines++
    // The change is not in the store yet.
    if (lines >= mostLines) rewrite(event)
  }
  return { close: () => closeSync(file), ...(damaged ? { damaged } : {}) }
}

/** All lines up to the first that is not whole. */
function read(path: string): { entries: Entry[]; isDamaged: boolean } {
  if (!existsSync(path)) return { entries: [], isDamaged: false }
  const lines = readFileSync(path, 'utf8').split('\n')
  const unfinished = lines.pop()
  const entries: Entry[] = []
  for (const line of lines) {
    const entry = parse(line)
    if (!entry) return { entries, isDamaged: true }
    entries.push(entry)
  }
  return { entries, isDamaged: unfinished !== '' }
}

function parse(line: string): Entry | undefined {
  const [sum = '', text = ''] = [line.slice(0, 8), line.slice(9)]
  if (text === '' || checksum(text) !== sum) return undefined
  const { type, resource, revision, object } = JSON.parse(text) as Entry
  for (const entry of object.metadata.managedFields ?? []) entry.fieldsV1 = shared(entry.fieldsV1)
  return { type, resource, revision, object }
}

/** Returns the number of bytes. */
function writeLine(file: number, { type, resource, revision, object }: Entry): number {
  // What is deleted is known by its name.
  const { apiVersion, kind, metadata } = object
  const kept =
    type === 'DELETED' ? { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } } : object
  const text = JSON.stringify({ type, resource, revision, object: kept })
  const bytes = Buffer.from(`${checksum(text)} ${text}\n`)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
  return bytes.length
}

function checksum(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 8)
}

function newPath(path: string): string {
  return `${path}.new`
}

/** Writes the objects, and one more change, in a new file that takes the old one's place whole. Returns its number of lines. */
function writeAnew(path: string, store: Store, more?: Entry): number {
  const file = openSync(newPath(path), 'w', 0o600)
  try {
    let lines = 1
    // The newest revision may be that of an object that is gone.
    const newest: KubeObject = { apiVersion: 'v1', kind: 'Revision', metadata: { name: 'newest' } }
    writeLine(file, { type: 'DELETED', resource: 'revisions', revision: store.revision, object: newest })
    for (const resource of store.resources)
      for (const object of store.list(resource)) {
        writeLine(file, { type: 'ADDED', resource, revision: Number(object.metadata.resourceVersion), object })
        lines++
      }
    if (more) writeLine(file, more)
    renameSync(newPath(path), path)
    return lines
  } finally {
    closeSync(file)
  }
}

function isOutOfRoom(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function count(store: Store): number {
  return store.resources.reduce((sum, resource) => sum + store.count(resource), 0)
}

/** Puts a damaged journal aside, and what came before the damage in its place. Returns where it is now. */
function replaceDamaged(path: string, store: Store): string {
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`
  copyFileSync(path, aside)
  writeAnew(path, store)
  return aside
}
