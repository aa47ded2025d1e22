/**
 * The store's memory on disk: one line a change, appended before the change is answered, so that nothing answered is
 * lost when the process is killed. (The line is then with the system; a power cut may take the last moment's.)
 */
import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
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

/** Puts what the folder remembers into the store, and writes its changes there from then on. */
export function openJournal(folder: string, store: Store): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'journal')
  const { entries, isDamaged } = read(path)
  for (const entry of entries) store.restore(entry)
  const damaged = isDamaged ? setAside(path) : undefined
  let lines = compact(path, store)
  let file = openSync(path, 'a', 0o600)
  store.persist = (event) => {
    writeLine(file, event)
    lines++
    if (lines < FEWEST_LINES || lines < LINES_PER_OBJECT * count(store)) return
    // The change is not in the store yet, so its line is written to the new file too.
    closeSync(file)
    lines = compact(path, store) + 1
    file = openSync(path, 'a', 0o600)
    writeLine(file, event)
  }
  return { close: () => closeSync(file), ...(damaged ? { damaged } : {}) }
}

/** All lines up to the first that is not whole; a last one without its end was never answered. */
function read(path: string): { entries: Entry[]; isDamaged: boolean } {
  if (!existsSync(path)) return { entries: [], isDamaged: false }
  const lines = readFileSync(path, 'utf8').split('\n')
  const unfinished = lines.pop() ?? ''
  const entries: Entry[] = []
  for (const line of lines) {
    const entry = parse(line)
    if (!entry) return { entries, isDamaged: true }
    entries.push(entry)
  }
  // An unfinished line may be whole but for its end.
  const last = parse(unfinished)
  return { entries: last ? [...entries, last] : entries, isDamaged: false }
}

function parse(line: string): Entry | undefined {
  const [sum = '', text = ''] = [line.slice(0, 8), line.slice(9)]
  if (text === '' || checksum(text) !== sum) return undefined
  const { type, resource, revision, object } = JSON.parse(text) as Entry
  for (const entry of object.metadata.managedFields ?? []) entry.fieldsV1 = shared(entry.fieldsV1)
  return { type, resource, revision, object }
}

function writeLine(file: number, { type, resource, revision, object }: Entry): void {
  // What is deleted is known by its name.
  const { apiVersion, kind, metadata } = object
  const kept =
    type === 'DELETED' ? { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } } : object
  const text = JSON.stringify({ type, resource, revision, object: kept })
  const bytes = Buffer.from(`${checksum(text)} ${text}\n`)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}

function checksum(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 8)
}

/** Writes the objects alone, in a new file that takes the old one's place whole. Returns its number of lines. */
function compact(path: string, store: Store): number {
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  let lines = 0
  // The newest revision may be that of an object that is gone.
  const newest: KubeObject = { apiVersion: 'v1', kind: 'Revision', metadata: { name: 'newest' } }
  writeLine(file, { type: 'DELETED', resource: 'revisions', revision: store.revision, object: newest })
  for (const resource of store.resources)
    for (const object of store.list(resource)) {
      writeLine(file, { type: 'ADDED', resource, revision: Number(object.metadata.resourceVersion), object })
      lines++
    }
  closeSync(file)
  renameSync(temporary, path)
  return lines
}

function count(store: Store): number {
  return store.resources.reduce((sum, resource) => sum + store.count(resource), 0)
}

function setAside(path: string): string {
  const aside = `${path}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`
  copyFileSync(path, aside)
  return aside
}
