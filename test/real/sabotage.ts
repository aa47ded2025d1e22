/** The sabotage of test/e2e on real traffic: the proof turns red and names the cause. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { clusterCases, istioCases, manifestCases, startingRules, turningRed } from '../support/sabotage.ts'
import { projectCopy } from '../support/sandbox-lab.ts'
import { run, type Story, says, typed } from './story.ts'

const atStart = startingRules.map((rule) => `kubectl apply -f manifests/${rule}`).join('\n')

const onCluster: readonly Story[] = [...clusterCases, ...istioCases].map((each) => ({
  title: `--check turns red when ${each.title}`,
  async tell(lab) {
    await typed(lab, atStart)
    await typed(lab, each.sabotage)
    try {
      const { code, stderr } = await turningRed(() => run(lab, each.script, '--check', '--only', each.step))
      assert.is(code, 1, stderr)
      says(stderr, each.names)
    } finally {
      await typed(lab, each.repair)
    }
  },
}))

const inManifests: readonly Story[] = manifestCases.map(({ title, file, from, to, script, step, names }) => ({
  title: `the script fails when ${title}`,
  async tell(lab) {
    await typed(lab, atStart)
    const copy = projectCopy()
    const path = join(copy, 'manifests', file)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, to))
    const program = [
      '--import',
      'tsx/esm',
      join(copy, 'scripts', script),
      ...lab.target,
      '--only',
      step,
      '--timeout',
      '5',
    ]
    const { code, stderr } = await lab.program(process.execPath, ...program)
    assert.is(code, 1, stderr)
    says(stderr, names)
  },
}))

export const sabotage: readonly Story[] = [...onCluster, ...inManifests]
