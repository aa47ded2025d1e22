/** What is wrong with an object, in the form in which Go's multierror puts several errors into one. */
export class Problems {
  readonly warnings: string[] = []
  readonly #errors: string[] = []
  #isList = false

  /** Undefined is no error: what checks one value may be passed as it is. */
  add(...errors: readonly (string | undefined)[]): void {
    for (const error of errors) if (error !== undefined) this.#errors.push(error)
  }

  /** One that istiod puts into a list even where it stays alone. */
  addListed(error: string): void {
    this.#errors.push(error)
    this.#isList = true
  }

  warn(warning: string): void {
    this.warnings.push(warning)
  }

  /** Undefined where nothing is wrong. */
  get text(): string | undefined {
    const [only] = this.#errors
    const count = this.#errors.length
    if (count === 0) return undefined
    if (count === 1 && !this.#isList) return only
    const lines = this.#errors.map((error) => `* ${error}`).join('\n\t')
    return `${count} error${count === 1 ? '' : 's'} occurred:\n\t${lines}\n\n`
  }
}
