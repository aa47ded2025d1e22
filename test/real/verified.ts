/** docs/verified.md: what was run on a real cluster, where, and how long it took. Each part is written by its own run. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { projectFolder } from '../../lib/state.ts'
import { envWithTools } from '../../lib/tools/bin.ts'

const file = join(projectFolder, 'docs', 'verified.md')

const heading = `# Verified on a real cluster

Written by the runs named below, not by hand. To make it again, on any machine with Docker, kind, kubectl and istioctl:
\`npm run test:real\` and \`npm run bench:real\`.
`

/** What a part of the page says; empty where there is none. */
export function readPart(title: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const part = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
  return part.slice(title.length).trim()
}

/** Replaces a part of the page, or adds it. */
export function writePart(title: string, body: string): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : heading
  const [head = '', ...parts] = text.split(/^## /m)
  const others = parts.filter((part) => !part.startsWith(`${title}\n`)).map((part) => part.trimEnd())
  const all = [...others, `${title}\n\n${body.trimEnd()}`].sort((a, b) => order(a) - order(b))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${head.trimEnd()}\n\n${all.map((part) => `## ${part}\n`).join('\n')}`)
}

const order = (part: string) => (part.startsWith('Stories') ? 0 : 1)

/** The machine and the tools, as a list; nothing that names a host or a folder. */
export function whereItRan(): string {
  const system = existsSync('/etc/os-release')
    ? /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    : undefined
  const memory = Math.round(totalmem() / 2 ** 30)
  return [
    `- machine: ${cpus().length} cores, ${memory} GiB of memory, ${system ?? process.platform}`,
    `- Node ${process.version}, Docker ${answer('docker', 'version', '--format', '{{.Server.Version}}')}`,
    `- ${answer('kind', 'version')}`,
    `- kubectl ${versionIn(answer('kubectl', 'version', '--client'))}, istioctl ${versionIn(answer('istioctl', 'version', '--remote=false'))}`,
    `- date: ${new Date().toISOString().slice(0, 10)}`,
  ].join('\n')
}

function answer(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', env: envWithTools() }).trim().split('\n')[0] ?? ''
}

const versionIn = (text: string) => /\d+\.\d+\.\d+/.exec(text)?.[0] ?? text
