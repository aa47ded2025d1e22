import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { type LabRecord, recordLab } from '../../lib/state.ts'
import { type Choosing, choose } from '../../lib/targets/choose.ts'
import { en } from '../../lib/words/en.ts'
import { ru } from '../../lib/words/ru.ts'
import { temporaryFolder } from '../support/folder.ts'
import { shellPrograms } from '../support/programs.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: choose')

const engine = 'echo 27.3.1'
const noEngine = 'echo "Cannot connect to the Docker daemon" >&2; exit 1'
const tools = { kind: 'echo v0.22.0', kubectl: 'echo v1.29.2', istioctl: 'echo 1.21.2' }

/** Only these programs are on this machine's PATH. */
function machine(programs: Readonly<Record<string, string>>): void {
  process.env.PATH = shellPrograms(programs)
}

test.before.each(() => {
  process.env.LAB_HOME = temporaryFolder()
  machine({ docker: engine, ...tools })
})

const record = (more: Partial<LabRecord>): LabRecord => ({
  target: 'kind',
  name: 'kind',
  port: 8080,
  made: {},
  ...more,
})

async function chosen(options: Choosing = {}): Promise<{ lab: string; port: number; notes: string[] }> {
  const { record, target, notes } = await choose(options, en)
  assert.is(target.id, record.target)
  return { lab: `${record.target} ${record.name}`, port: record.port, notes }
}

test('kind is taken where an engine answers and the tools are there', async () => {
  assert.equal(await chosen(), { lab: 'kind kind', port: 8080, notes: [] })
})

const unfit: { title: string; programs: Record<string, string>; says: string }[] = [
  { title: 'no docker', programs: tools, says: 'Docker is not installed' },
  { title: 'no engine behind docker', programs: { docker: noEngine, ...tools }, says: 'No Docker engine answers' },
  {
    title: 'no permission to use docker',
    programs: { docker: 'echo "permission denied" >&2; exit 1', ...tools },
    says: 'Docker may not be used by you',
  },
  {
    title: 'no kind',
    programs: { docker: engine, kubectl: tools.kubectl, istioctl: tools.istioctl },
    says: 'kind is not installed',
  },
  {
    title: 'no istioctl',
    programs: { docker: engine, kind: tools.kind, kubectl: tools.kubectl },
    says: 'istioctl is not installed',
  },
]
for (const { title, programs, says } of unfit)
  test(`where there is ${title} it is the sandbox, and a line says why`, async () => {
    machine(programs)
    const { lab, notes } = await chosen({ port: 8090 })
    assert.is(lab, 'sandbox kind')
    assert.is(notes[0], `${says}: the lesson runs in the sandbox, which is simulated.`)
  })

test('the line that says why is in the language of the run', async () => {
  machine({})
  const { notes } = await choose({ port: 8090 }, ru)
  assert.is(notes[0], 'Docker не установлен: урок пойдёт в песочнице, это симуляция.')
})

test('tools that are downloaded on the spot are enough for kind', async () => {
  machine({ docker: engine })
  const asked: string[] = []
  const { record } = await choose({}, en, async (missing) => {
    asked.push(...missing)
    return true
  })
  assert.is(record.target, 'kind')
  assert.equal(asked, ['kind', 'kubectl', 'istioctl'])
})

test('a sandbox whose usual port is taken gets the next one, and says whose it is', async () => {
  machine({})
  const { port, notes } = await chosen()
  const moved = notes.find((note) => note.startsWith('Port 8080 is taken by'))
  if (port === 8080) assert.is(moved, undefined)
  else assert.match(moved ?? '', `the page is on port ${port}.`)
})

const later: { title: string; last: LabRecord; options: Choosing; lab: string; port: number; note?: string }[] = [
  {
    title: 'nothing is said: the last lab',
    last: record({ target: 'sandbox', name: 'two', port: 8090 }),
    options: {},
    lab: 'sandbox two',
    port: 8090,
  },
  {
    title: 'nothing is said after a context: that context',
    last: record({ target: 'context', name: 'cloud' }),
    options: {},
    lab: 'context cloud',
    port: 8080,
  },
  {
    title: 'another target: that one, announced',
    last: record({ target: 'sandbox', port: 8090 }),
    options: { target: 'kind' },
    lab: 'kind kind',
    port: 8080,
    note: 'From now on: kind cluster "kind" (before: sandbox "kind")',
  },
  {
    title: 'another name: the same target, announced',
    last: record({ target: 'sandbox', name: 'one', port: 8090 }),
    options: { name: 'two', port: 8095 },
    lab: 'sandbox two',
    port: 8095,
    note: 'From now on: sandbox "two" (before: sandbox "one")',
  },
  {
    title: 'a context: that context, announced',
    last: record({}),
    options: { context: 'cloud' },
    lab: 'context cloud',
    port: 8080,
    note: 'From now on: context "cloud" (before: kind cluster "kind")',
  },
  {
    title: 'a name after a context: a cluster of the lesson, never a context of that name',
    last: record({ target: 'context', name: 'cloud' }),
    options: { name: 'production' },
    lab: 'kind production',
    port: 8080,
    note: 'From now on: kind cluster "production" (before: context "cloud")',
  },
]
for (const { title, last, options, lab, port, note } of later)
  test(`a later script that is told ${title}`, async () => {
    recordLab(last)
    assert.equal(await chosen(options), { lab, port, notes: note ? [note] : [] })
  })

test("another kind than the lesson's is told the node image, and the user why; a cluster that is there keeps its own", async () => {
  machine({ docker: engine, ...tools, kind: 'echo v0.33.0' })
  const { record: chosenRecord, notes } = await choose({}, en)
  assert.is(chosenRecord.nodeImage, 'kindest/node:v1.29.2')
  assert.match(notes.join(), 'kind is 0.33.0')
  assert.is((await choose({ nodeImage: 'kindest/node:v1.28.7' }, en)).record.nodeImage, 'kindest/node:v1.28.7')
  recordLab(record({ made: { cluster: 'done' } }))
  assert.is((await choose({}, en)).record.nodeImage, undefined)
})

test('a lab that was used before keeps its port and its node image', async () => {
  recordLab(record({ name: 'two', port: 8090, nodeImage: 'kindest/node:v1.28.7', made: { cluster: 'done' } }))
  recordLab(record({}))
  const { record: again } = await choose({ target: 'kind', name: 'two' }, en)
  const kept = { name: 'two', port: 8090, nodeImage: 'kindest/node:v1.28.7', made: { cluster: 'done' } } as const
  assert.equal(again, record({ ...kept, named: true }))
  recordLab(again)
  assert.ok((await choose({}, en)).record.named, 'a later script need not name it again')
})

test('a sandbox that was made by hand keeps the port of its own configuration', async () => {
  const folder = join(process.env.LAB_HOME ?? '', 'sandbox', 'two')
  mkdirSync(folder, { recursive: true })
  const settings = { ports: [{ hostPort: 9090, containerPort: 8080 }] }
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify(settings))
  recordLab(record({ target: 'sandbox', name: 'two', port: 8090 }))
  assert.is((await chosen()).port, 9090)
})

test('choosing writes nothing down: only a run does', async () => {
  await chosen({ target: 'kind', name: 'two' })
  assert.equal(await chosen(), { lab: 'kind kind', port: 8080, notes: [] })
})

test('a context of the users kubeconfig is never chosen by itself', async () => {
  machine({ kubectl: 'echo "* production"' })
  assert.is((await chosen({ port: 8090 })).lab, 'sandbox kind')
})

test.run()
