/** Puts the pinned kind, kubectl and istioctl into the state folder's `bin`, which comes first on the lesson's PATH. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '../failure.ts'
import type { Tool } from '../machine.ts'
import { binFolder } from './bin.ts'
import { type DownloadOptions, downloadChecked } from './download.ts'
import { progressBar } from './progress.ts'
import { addressOf, type Platform, platformOf, releaseOf } from './releases.ts'

const exec = promisify(execFile)

/** Milliseconds for unpacking 90 MB. */
const UNPACK_LIMIT_MS = 60_000

export interface InstallOptions extends DownloadOptions {
  /** Serves the downloads instead of their hosts, each below its host's name. */
  mirror?: string | undefined
  platform?: Platform
}

/** Installs tools one after the other and says so: with a bar on a terminal, with a line for each everywhere. */
export async function installTools(tools: readonly Tool[], options: InstallOptions): Promise<void> {
  const platform = options.platform ?? platformOf(options.words)
  for (const tool of tools) {
    const { version } = releaseOf(tool, platform)
    const bar = progressBar(`${tool} ${version}`)
    try {
      const place = await installTool(tool, { ...options, platform, onProgress: bar.show })
      bar.clear()
      console.log(options.words.doctor.fix.installed(tool, version, shown(place)))
    } catch (error) {
      bar.clear()
      throw error
    }
  }
}

/** Downloads a tool, checks it, and moves it whole into its place. Gives its path. @throws Failure */
export async function installTool(tool: Tool, options: InstallOptions): Promise<string> {
  const { path, checksums, archived } = releaseOf(tool, options.platform ?? platformOf(options.words))
  const folder = binFolder()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const workplace = mkdtempSync(join(folder, '.download-'))
  try {
    const file = join(workplace, archived ? 'archive.tar.gz' : tool)
    await downloadChecked(addressOf(path, options.mirror), addressOf(checksums, options.mirror), file, options)
    if (archived) await unpack(file, tool, options)
    chmodSync(join(workplace, tool), 0o755)
    renameSync(join(workplace, tool), join(folder, tool))
    return join(folder, tool)
  } finally {
    rmSync(workplace, { recursive: true, force: true })
  }
}

async function unpack(archive: string, tool: Tool, { words, signal }: InstallOptions): Promise<void> {
  try {
    await exec('tar', ['-xzf', archive, '-C', dirname(archive), tool], { signal, timeout: UNPACK_LIMIT_MS })
  } catch (cause) {
    signal.throwIfAborted()
    throw new Failure(words.doctor.download.unpacking(tool), { seen: (cause as Error).message.trim(), cause })
  }
}

/** As short as one can type it from here. */
function shown(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}
