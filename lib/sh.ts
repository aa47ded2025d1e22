/**
 * `sh`: a shell command that waits to be run. What is shown, what `--print` writes and what is run are the same words.
 */

export interface Command {
  readonly pieces: TemplateStringsArray
  readonly args: readonly (string | readonly string[])[]
  /** Fed to the command's standard input, and shown as a here-document. */
  readonly stdin: string | undefined
  /** The same command with this standard input. */
  with(stdin: string): Command
  /** As the student would type it. */
  toString(): string
}

/** A command; what is put in by `${}` is quoted for the shell, an array becomes several words. */
export function sh(pieces: TemplateStringsArray, ...args: (string | readonly string[])[]): Command {
  return command(pieces, args, undefined)
}

function command(pieces: TemplateStringsArray, args: Command['args'], stdin: string | undefined): Command {
  return {
    pieces,
    args,
    stdin,
    with: (text) => command(pieces, args, text),
    toString() {
      const words = args.map((arg) => (typeof arg === 'string' ? quote(arg) : arg.map(quote).join(' ')))
      const line = pieces.raw.reduce((text, piece, i) => text + words[i - 1] + piece).replace(/ {2,}/g, ' ')
      return stdin === undefined ? line : `${line} <<'EOF'\n${stdin.trimEnd()}\nEOF`
    },
  }
}

/** As one word for the shell. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
