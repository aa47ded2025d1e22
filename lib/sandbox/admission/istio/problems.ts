/** What is wrong with an object, in the form in which Go's multierror puts several errors into one. */
export class Problems {
  readonly warnings: string[] = []
  readonly #errors: string[] = []
  #isList = false

  /** Undefined is no error: what checks one value may be passed as it is. */
  add(...errors: readonly (string | undefined)[]): void {
    for (const error of errors) if (error !== undefined) this.#errors.push(error)
  }

  /** Those that istiod puts into a list even where one stays alone. */
  addListed(...errors: readonly (string | undefined)[]): void {
    const found = errors.filter((error) => error !== undefined)
    this.add(...found)
    if (found.length > 0) this.#isList = true
  }

  warn(...warnings: readonly (string | undefined)[]): void {
    for (const warning of warnings) if (warning !== undefined) this.warnings.push(warning)
  }

  /** What a part has wrong. In many places istiod loses the part's warnings on the way, and so does this. */
  addErrorsOf(part: (problems: Problems) => void): void {
    const problems = new Problems()
    part(problems)
    this.add(...problems.#errors)
    this.#isList ||= problems.#isList
  }

  /** Begins each error with the same words. */
  prefix(words: string): void {
    this.#errors.forEach((error, index) => {
      this.#errors[index] = `${words} ${error}`
    })
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
