/** Stand-ins for programs: small shell scripts that say what they are told to say. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Tool } from '../../lib/machine.ts'
import { type Platform, releaseOf } from '../../lib/tools/releases.ts'
import { type Downloads, sha256 } from './downloads.ts'
import { temporaryFolder } from './folder.ts'
import { shellPrograms } from './programs.ts'

/** How each tool tells its version. */
const says: Readonly<Record<Tool, (version: string) => string>> = {
  kind: (version) => `kind v${version} go1.20.13 linux/amd64`,
  kubectl: (version) => `Client Version: v${version}`,
  istioctl: (version) => version,
}

function toolScript(tool: Tool, version: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho "${says[tool](version)}"\n`)
}

/** A folder for the PATH: only these programs of the machine are in it, and the scripts given. */
export function pathWith(programs: readonly string[], scripts: Readonly<Record<string, string>> = {}): string {
  const folder = shellPrograms(scripts)
  for (const program of programs) symlinkSync(whereIs(program), join(folder, program))
  return folder
}

export function isOnPath(program: string): boolean {
  return folders().some((folder) => existsSync(join(folder, program)))
}

function whereIs(program: string): string {
  const folder = folders().find((each) => existsSync(join(each, program)))
  if (!folder) throw new Error(`this test needs the program ${program}`)
  return join(folder, program)
}

function folders(): string[] {
  return (process.env.PATH ?? '').split(delimiter)
}

/** Has a server offer a release of a tool, as its publisher does. Gives its path there. */
export function offerRelease(downloads: Downloads, tool: Tool, platform: Platform): string {
  const { path, checksums, version, archived } = releaseOf(tool, platform)
  const script = toolScript(tool, version)
  const file = archived ? tarOf(tool, script) : script
  downloads.files.set(path, file)
  downloads.files.set(checksums, Buffer.from(`${sha256(file)}  ${path.slice(path.lastIndexOf('/') + 1)}\n`))
  return path
}

/** A gzipped tar with one file, or with one file in a folder. */
export function tarOf(path: string, content: Buffer): Buffer {
  const folder = temporaryFolder()
  const [first = path] = path.split('/')
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content, { mode: 0o755 })
  execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', folder, first])
  return readFileSync(join(folder, 'archive.tar.gz'))
}
