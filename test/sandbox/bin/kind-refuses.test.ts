import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { newSandbox } from './sandbox.ts'

const test = suite('what kind refuses')

const sandbox = await newSandbox()

const refused: [args: string[], input: string, message: RegExp][] = [
  [['create', 'cluster', '--nope'], '', /^ERROR: unknown flag: --nope\n$/],
  [['create', 'cluster', '--name'], '', /^ERROR: flag needs an argument: --name\n$/],
  [['create', 'cluster', 'extra'], '', /^ERROR: unknown command "extra" for "kind create cluster"\n$/],
  [['load', 'docker-image', 'mine', '--name', 'nope'], '', /^ERROR: no nodes found for cluster "nope"\n$/],
  [['export', 'logs', '--name', 'nope'], '', /^ERROR: unknown cluster "nope"\n$/],
  [['build', 'node-image'], '', /^ERROR: the sandbox runs no images, so there is none to build\n$/],
  [['get', 'nope'], '', /^ERROR: unknown command "nope" for "kind get"/],
  [
    ['create', 'cluster', '--name', 'No Good'],
    '',
    /^ERROR: failed to create cluster: 'No Good' is not a valid cluster name/,
  ],
  [['create', 'cluster', '--name', '..'], '', /'\.\.' is not a valid cluster name/],
  [
    ['create', 'cluster', '--config', 'missing.yaml'],
    '',
    /error reading file: open missing\.yaml: no such file or directory\n$/,
  ],
  [['create', 'cluster', '--config=-'], 'kind: Cluster', /unknown apiVersion: \n$/],
  [
    ['create', 'cluster', '--wait', 'long'],
    '',
    /invalid argument "long" for "--wait" flag: time: invalid duration "long"/,
  ],
  [
    ['create', 'cluster', '--image', 'example/node:1'],
    '',
    / ✗ Ensuring node image \(example\/node:1\) 🖼\nERROR: failed to create cluster: failed to pull image "example\/node:1"/,
  ],
  [['delete', 'clusters'], '', /^ERROR: no cluster names provided\n$/],
  [['get', 'kubeconfig', '--name', 'nope'], '', /could not locate any control plane nodes for cluster named 'nope'/],
]
for (const [args, input, message] of refused)
  test(`kind ${args.join(' ')} is refused`, async () => {
    const { code, stdout, stderr } = await sandbox.run('kind', args, input)
    assert.is(code, 1)
    assert.is(stdout, '')
    assert.match(stderr, message)
    assert.equal(readdirSync(sandbox.home), [])
  })

const outside = `${sandbox.home}-beside`
test.after(() => rmSync(outside, { recursive: true, force: true }))

const elsewhere: [title: string, args: string[], stderr: string][] = [
  ['a path', ['cluster', '--name', `../${basename(outside)}`], `Deleting cluster "../${basename(outside)}" ...\n`],
  ['a path among names', ['clusters', `../${basename(outside)}`], `Deleted clusters: ["../${basename(outside)}"]\n`],
  ['the folder above', ['clusters', '..'], 'Deleted clusters: [".."]\n'],
  ['the folder of all', ['clusters', '.'], 'Deleted clusters: ["."]\n'],
]
for (const [title, args, stderr] of elsewhere)
  test(`told to delete ${title}, kind finds no such cluster and removes nothing`, async () => {
    mkdirSync(outside, { recursive: true })
    writeFileSync(join(outside, 'kubeconfig'), '')
    assert.equal(await sandbox.run('kind', ['delete', ...args]), { code: 0, stdout: '', stderr })
    assert.ok(existsSync(join(outside, 'kubeconfig')))
    assert.ok(existsSync(sandbox.home))
  })

test("a folder that is no cluster's is left where it is", async () => {
  const folder = join(sandbox.home, 'notes')
  mkdirSync(folder)
  writeFileSync(join(folder, 'precious'), '')
  await sandbox.run('kind', ['delete', 'cluster', '--name', 'notes'])
  assert.ok(existsSync(join(folder, 'precious')))
})

test.run()
