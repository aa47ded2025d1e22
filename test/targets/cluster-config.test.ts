import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { projectFolder } from '../../lib/state.ts'
import { clusterConfig, httpsPortOf } from '../../lib/targets/cluster-config.ts'
import { en } from '../../lib/words/en.ts'
import { failureOf } from '../support/failures.ts'
import { suite } from '../support/suite.ts'

const test = suite('targets: cluster-config')

const manifest = readFileSync(join(projectFolder, 'manifests', 'kind-cluster.yaml'), 'utf8')
const mappings = (text: string) =>
  parse(text).nodes[0].extraPortMappings as { containerPort: number; hostPort: number }[]

test("with the lesson's port it is the manifest, to the letter", async () => {
  assert.is(await clusterConfig(8080, en), manifest)
})

test('with another port only the ports of this machine change', async () => {
  const text = await clusterConfig(9090, en)
  assert.equal(
    mappings(text).map(({ containerPort, hostPort }) => [containerPort, hostPort]),
    [
      [8080, 9090],
      [8443, 9453],
    ],
  )
  assert.equal(text.replaceAll('9090', '8080').replaceAll('9453', '8443'), manifest, 'comments and layout stay')
})

test('the HTTPS port lies as far above as 8443 above 8080', () => {
  assert.equal([httpsPortOf(8080), httpsPortOf(9000)], [8443, 9363])
})

for (const broken of ['manifests/nowhere.yaml', 'lib/state.ts', 'package.json'])
  test(`${broken} cannot be read as a cluster's configuration`, async () => {
    const failure = await failureOf(() => clusterConfig(9090, en, broken))
    assert.is(failure.message, `${broken} cannot be read as a kind cluster configuration`)
    assert.is(failure.mend, `git checkout ${broken}`)
  })

test.run()
