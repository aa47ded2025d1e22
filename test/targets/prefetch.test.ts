import * as assert from 'uvu/assert'
import { imagesOfLesson, prefetch } from '../../lib/targets/prefetch.ts'
import { type Answer, answeredPrograms } from '../support/programs.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: prefetch')

const { signal: never } = new AbortController()

async function pulls(
  there: Answer,
  { pull = {}, ctr = {}, signal = never }: { pull?: Answer; ctr?: Answer; signal?: AbortSignal } = {},
): Promise<{ lines: string[]; announced: number[] }> {
  const docker = await answeredPrograms(['docker'], (line) =>
    line.includes('crictl images') ? there : line.includes('images ls') ? ctr : pull,
  )
  const announced: number[] = []
  const env = { ...process.env, PATH: `${docker.folder}:${process.env.PATH}` }
  await prefetch({ container: 'a-node', env, signal, onStart: (images) => announced.push(images) })
  await docker.close()
  return { lines: docker.lines(), announced }
}

const having = (...images: string[]): Answer => ({
  stdout: JSON.stringify({ images: [{ repoTags: images }, { repoTags: null }] }),
})

test("Istio's images come before Bookinfo's, each once", () => {
  const images = imagesOfLesson()
  assert.is(images.length, 8)
  assert.equal(
    images.map((image) => /examples-bookinfo/.test(image)),
    [false, false, true, true, true, true, true, true],
  )
})

test('what is missing is pulled, and said once', async () => {
  const [first = '', ...rest] = imagesOfLesson()
  const { lines, announced } = await pulls(having(first))
  assert.equal(announced, [rest.length])
  assert.equal(lines.slice(1).sort(), rest.map((image) => `docker exec a-node crictl pull ${image}`).sort())
})

test('where all is there nothing is pulled, nor said', async () => {
  const { lines, announced } = await pulls(having(...imagesOfLesson()))
  assert.equal(announced, [])
  assert.is(lines.length, 1)
})

test('what cannot be pulled is no failure', async () => {
  const { lines } = await pulls(having(), { pull: { code: 1, stderr: 'toomanyrequests' } })
  assert.is(lines.length, 9)
})

test('a node without crictl is asked by what comes with its containerd', async () => {
  const [first = '', ...rest] = imagesOfLesson()
  const noCrictl = { code: 126, stderr: 'executable file not found' }
  const { lines, announced } = await pulls(noCrictl, { ctr: { stdout: `${first}\nimport-2026@sha256:1\n` } })
  assert.equal(announced, [rest.length])
  const ctr = 'docker exec a-node ctr --namespace k8s.io images'
  const pull = (image: string) => `${ctr} pull --hosts-dir /etc/containerd/certs.d ${image}`
  assert.equal(lines.slice(2).sort(), rest.map(pull).sort())
})

test('a node that does not answer is no failure', async () => {
  assert.equal((await pulls({ code: 1 }, { ctr: { code: 1 } })).announced, [])
})

test('a run that is stopped pulls nothing more', async () => {
  assert.equal((await pulls(having(), { signal: AbortSignal.abort() })).lines, [])
})

test.run()
