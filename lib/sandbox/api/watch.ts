/** Watches: what changes, as it changes. */

import { asVersion } from '../kinds/conversions.ts'
import type { KubeObject } from '../objects.ts'
import { inOrder } from '../schema/ordered.ts'
import type { StoreEvent } from '../store/store.ts'
import { acceptedForm } from './accept.ts'
import type { Answer, Ask, Server } from './exchange.ts'
import { expired, readRevision, selection } from './list.ts'
import { listOptions } from './list-options.ts'
import { includeOf } from './present.ts'
import { partialMetadata, toTable } from './table.ts'
import type { Target } from './target.ts'

/** The API server ends a watch after 30 to 60 minutes by itself (--min-request-timeout is 1800 s). */
const LONGEST_SECONDS = 1800

type Type = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

export function watch(target: Target, ask: Ask, server: Server): Answer {
  const { query, signal } = ask
  const { kind, resource, namespace, name } = target
  const { registry, history } = server
  const matches = selection(query, kind, name)
  const toEvent = presenter(target, ask, server)
  const options = listOptions(query, true)
  // undefined: everything that is there, then what comes
  const from = readRevision(options.resourceVersion)
  const isBookmarked = options.allowWatchBookmarks
  const seconds = Math.min(options.timeoutSeconds || LONGEST_SECONDS, LONGEST_SECONDS)

  return {
    code: 200,
    stream: ({ write, end, fail }) => {
      const line = (type: Type, object: object) => `${JSON.stringify({ type, object })}\n`
      /** False where this watch should end. */
      const tell = (event: StoreEvent): boolean => {
        if (event.resource !== resource) return true
        if (namespace !== undefined && (event.object.metadata.namespace ?? '') !== namespace) return true
        const type = typeFor(event, matches)
        return type === undefined || write(line(type, toEvent(shownFor(type, event))))
      }
      const missed = from === undefined ? [] : history.since(from)
      if (!missed) {
        write(line('ERROR', expired(`too old resource version: ${from} (${history.oldest})`).toStatus()))
        end()
        return
      }
      if (from === undefined)
        for (const object of registry.store.list(resource, namespace).filter(matches))
          write(line('ADDED', toEvent(object)))
      // Who does not keep up goes on from what was read, by another watch.
      if (!missed.every(tell)) {
        end()
        return
      }
      const leave = () => {
        unwatch()
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
      }
      const finish = () => {
        leave()
        if (isBookmarked && !signal.aborted) write(line('BOOKMARK', bookmark(target, registry.store.revision)))
        end()
      }
      const unwatch = registry.store.watch((event) => {
        try {
          if (tell(event)) return
          leave()
          end()
        } catch (error) {
          // It must not come upon who has made the change, nor keep it from other watches.
          leave()
          fail(error)
        }
      })
      const timer = setTimeout(finish, seconds * 1000)
      signal.addEventListener('abort', finish)
    },
  }
}

/** For who selects, an object comes when it begins to match, and goes when it no longer does. */
function typeFor({ type, object, previous }: StoreEvent, matches: (object: KubeObject) => boolean): Type | undefined {
  const matched = previous !== undefined && matches(previous)
  const isMatch = type !== 'DELETED' && matches(object)
  if (isMatch) return matched ? 'MODIFIED' : 'ADDED'
  return matched ? 'DELETED' : undefined
}

/** What goes out of sight is shown as it was seen last, with the resourceVersion of its going. */
function shownFor(type: Type, { object, previous }: StoreEvent): KubeObject {
  if (type !== 'DELETED' || !previous) return object
  return { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion as string } }
}

function presenter({ kind, version }: Target, ask: Ask, { registry }: Server): (object: KubeObject) => object {
  const form = acceptedForm(ask.headers.accept, ['table', 'metadata'])
  const include = includeOf(ask)
  let isFirst = true
  return (object) => {
    const shown = asVersion(object, kind, version)
    if (form === 'metadata') return partialMetadata(shown)
    if (form !== 'table') return inOrder(kind, version, shown)
    const metadata = { resourceVersion: shown.metadata.resourceVersion ?? '' }
    const table = toTable(kind, version, [shown], metadata, { include, withColumns: isFirst, now: registry.now() })
    isFirst = false
    return table
  }
}

function bookmark({ kind, version, group }: Target, revision: number): object {
  const apiVersion = group ? `${group}/${version}` : version
  return { kind: kind.kind, apiVersion, metadata: { resourceVersion: String(revision), creationTimestamp: null } }
}
