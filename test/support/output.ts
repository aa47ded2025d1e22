/** What is printed in this very process, for tests of what prints. */
import { stripVTControlCharacters } from 'node:util'

export interface Printed<T> {
  result: T
  stdout: string
  stderr: string
}

/** Runs the body and keeps what it prints from the terminal. */
export async function printedBy<T>(body: () => T | Promise<T>): Promise<Printed<T>> {
  const said = { log: '', error: '' }
  const usual = { log: console.log, error: console.error }
  const keep = (where: keyof typeof said) => (text: unknown) => {
    said[where] += `${stripVTControlCharacters(String(text ?? ''))}\n`
  }
  console.log = keep('log')
  console.error = keep('error')
  try {
    const result = await body()
    return { result, stdout: said.log, stderr: said.error }
  } finally {
    console.log = usual.log
    console.error = usual.error
  }
}
