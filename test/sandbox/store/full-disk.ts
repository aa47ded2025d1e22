/** Fills a journal until a change is refused, then makes a small one; prints what was answered. */
import { openJournal } from '../../../lib/sandbox/store/journal.ts'
import { Store } from '../../../lib/sandbox/store/store.ts'

const store = new Store()
openJournal(process.argv[2] as string, store)
const answered: string[] = []
let refused: string | undefined

function create(name: string, size: number): void {
  const metadata = { name, namespace: 'default' }
  store.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value: 'x'.repeat(size) } })
  answered.push(name)
}

while (refused === undefined)
  try {
    create(`big-${answered.length}`, 30_000)
  } catch (error) {
    refused = (error as NodeJS.ErrnoException).code
  }
create('small', 10)
console.log(JSON.stringify({ answered, refused }))
