/** Starts a cluster's process again where it should run and does not: `resume.js NAME`. Says nothing where all is well. */
import { Failed, program } from '../cli/program.ts'
import { isAnswering, PortTaken, startProcess } from '../cluster/process.ts'
import { clusterFolder, readSettings } from '../cluster/settings.ts'

await program('ERROR: ', async () => {
  const name = process.argv[2]
  if (!name) throw new Error('name a cluster')
  const settings = readSettings(name)
  if (!settings) return 0
  const folder = clusterFolder(name)
  if (await isAnswering(folder, settings.apiPort)) return 0
  try {
    const warning = await startProcess(folder)
    const state = warning ? `, but ${warning}` : ', with its state'
    console.error(`The sandbox "${name}" was not running; it has been started again${state}.`)
    return 0
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error
    throw new Failed(
      `The sandbox "${name}" cannot be started again: its port ${error.port} on 127.0.0.1 is taken. ` +
        'End the program that holds it, or delete the cluster and create it with another port.',
      { cause: error },
    )
  }
})
