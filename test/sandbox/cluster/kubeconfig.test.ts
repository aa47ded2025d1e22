import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { addToKubeconfig, readKubeconfig, removeFromKubeconfig } from '../../../lib/sandbox/cluster/kubeconfig.ts'
import type { ClusterSettings } from '../../../lib/sandbox/cluster/settings.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { suite } from '../../support/suite.ts'

const test = suite('kubeconfig')

const settings = (name: string, apiPort = 6443): ClusterSettings => ({
  name,
  image: '',
  nodeLabels: {},
  ports: [],
  apiPort,
  certificates: {
    authority: 'CA',
    server: '',
    serverKey: '',
    administrator: 'C',
    administratorKey: 'K',
    meshAuthority: '',
    kubelet: { request: 'asked', certificate: 'signed' },
  },
})
const file = () => join(temporaryFolder(), 'deep', 'config')
const names = (path: string) => readKubeconfig(path)?.contexts.map(({ name }) => name)

test('a cluster is put beside what is there, and becomes the current one', () => {
  const path = file()
  addToKubeconfig(path, settings('one'))
  addToKubeconfig(path, settings('two'))
  assert.equal(names(path), ['kind-one', 'kind-two'])
  assert.is(readKubeconfig(path)?.['current-context'], 'kind-two')
  assert.is(statSync(path).mode & 0o777, 0o600)
})

test('made again, a cluster takes its own place', () => {
  const path = file()
  for (const port of [1000, 2000]) addToKubeconfig(path, settings('one', port))
  const { clusters } = readKubeconfig(path) ?? { clusters: [] }
  assert.equal(
    clusters.map(({ cluster }) => cluster.server),
    ['https://127.0.0.1:2000'],
  )
  assert.is(clusters[0]?.cluster['certificate-authority-data'], Buffer.from('CA').toString('base64'))
})

test('what others have written in it stays', () => {
  const path = file()
  addToKubeconfig(path, settings('one'))
  const others = { ...parse(readFileSync(path, 'utf8')), preferences: { colors: true }, extensions: [{ name: 'x' }] }
  writeFileSync(path, JSON.stringify(others))
  addToKubeconfig(path, settings('two'))
  const { preferences, extensions } = parse(readFileSync(path, 'utf8'))
  assert.equal([preferences, extensions], [{ colors: true }, [{ name: 'x' }]])
})

test('taken out, a cluster is no longer the current one, and the others stay', () => {
  const path = file()
  for (const name of ['one', 'two']) addToKubeconfig(path, settings(name))
  assert.ok(removeFromKubeconfig(path, 'two'))
  assert.equal(names(path), ['kind-one'])
  assert.is(readKubeconfig(path)?.['current-context'], '')
  assert.not(removeFromKubeconfig(path, 'two'))
})

test('a file that is not there is none, and is not made by taking out', () => {
  const path = file()
  assert.not(removeFromKubeconfig(path, 'one'))
  assert.not(existsSync(path))
})

test('a file that cannot be read is named', () => {
  const path = join(temporaryFolder(), 'config')
  writeFileSync(path, 'a: [')
  assert.throws(() => addToKubeconfig(path, settings('one')), /^failed to load kubeconfig .*config: /)
})

test.run()
