/** Where downloaded tools lie. */
import { delimiter, join } from 'node:path'
import { stateFolder } from '../state.ts'

export function binFolder(): string {
  return join(stateFolder(), 'bin')
}

/** This process's environment, with what was downloaded first on the PATH. */
export function envWithTools(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [binFolder(), process.env.PATH].join(delimiter) }
}
