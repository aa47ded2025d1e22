/**
 * The store's memory on disk: one line a change, appended before the change is answered, so that nothing answered is
 * lost when the process is killed. (The line is then with the system; a power cut may take the last moment's.) The first
 * line tells how many were written with it: with fewer, the journal was cut.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
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

/** `lines`: in the first, how many there were when the journal was written anew. */
type Line = Entry & { lines?: number | undefined }

export interface Journal {
  /** Nothing was there, not even a first line: the folder is new, or has lost what it had. */
  isNew: boolean
  /** Where a damaged journal was put aside; what came before the damage was restored. */
  damaged?: string
  close: () => void
}

/** A journal with so many lines for each object is written anew, with the objects alone. */
const LINES_PER_OBJECT = 8
const FEWEST_LINES = 2000
/** So is one that has grown so much since, by large objects: a start reads it whole. */
const MOST_GROWTH = 4
const FEWEST_BYTES = 64 * 1024 * 1024

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
  let mostBytes = 0
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
    mostBytes = Math.max(FEWEST_BYTES, MOST_GROWTH * end)
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
    if (lines >= mostLines || end >= mostBytes) rewrite(event)
  }
  return { isNew: entries.length === 0 && !isDamaged, close: () => closeSync(file), ...(damaged ? { damaged } : {}) }
}

/** All lines up to the first that is not whole. */
function read(path: string): { entries: Entry[]; isDamaged: boolean } {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
  const entries: Line[] = []
  let start = 0
  // Not one text: Node has none as long as a journal may be.
  for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
    const entry = parse(bytes.toString('utf8', start, end))
    if (!entry) return { entries, isDamaged: true }
    entries.push(entry)
    start = end + 1
  }
  return { entries, isDamaged: start < bytes.length || entries.length < (entries[0]?.lines ?? 0) }
}

function parse(line: string): Line | undefined {
  const [sum = '', text = ''] = [line.slice(0, 8), line.slice(9)]
  if (text === '' || checksum(text) !== sum) return undefined
  const entry = JSON.parse(text) as Line
  for (const owned of entry.object.metadata.managedFields ?? []) owned.fieldsV1 = shared(owned.fieldsV1)
  return entry
}

/** Returns the number of bytes. */
function writeLine(file: number, { type, resource, revision, object, lines }: Line): number {
  // What is deleted is known by its name.
  const { apiVersion, kind, metadata } = object
  const kept =
    type === 'DELETED' ? { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } } : object
  const text = JSON.stringify({ type, resource, revision, object: kept, lines })
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
    const lines = 1 + count(store) + (more ? 1 : 0)
    // The newest revision may be that of an object that is gone.
    const newest: KubeObject = { apiVersion: 'v1', kind: 'Revision', metadata: { name: 'newest' } }
    writeLine(file, { type: 'DELETED', resource: 'revisions', revision: store.revision, object: newest, lines })
    for (const resource of store.resources)
      for (const object of store.list(resource))
        writeLine(file, { type: 'ADDED', resource, revision: Number(object.metadata.resourceVersion), object })
    if (more) writeLine(file, more)
    // A power cut must not leave an empty file under the name of the whole one.
    fsyncSync(file)
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
