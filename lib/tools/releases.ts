/** Where kind, kubectl and istioctl are published, each with its SHA-256 beside it. */
import { notReady } from '../failure.ts'
import type { Tool } from '../machine.ts'
import { versions } from '../versions.ts'
import type { Words } from '../words/en.ts'

/** A machine in the words of those who publish: x64 is amd64. */
export interface Platform {
  os: 'linux' | 'darwin'
  arch: 'amd64' | 'arm64'
}

export interface Release {
  version: string
  /** Host and path, without `https://`: a mirror serves them below its own address. */
  path: string
  /** The file of checksums: the sum alone, or a list of sums and names. */
  checksums: string
  /** The program is a gzipped tar's only file that matters. */
  archived: boolean
}

const releases: Readonly<Record<Tool, (platform: Platform) => Release>> = {
  kind({ os, arch }) {
    const path = `github.com/kubernetes-sigs/kind/releases/download/v${versions.kind}/kind-${os}-${arch}`
    return { version: versions.kind, path, checksums: `${path}.sha256sum`, archived: false }
  },
  kubectl({ os, arch }) {
    const path = `dl.k8s.io/release/v${versions.kubectl}/bin/${os}/${arch}/kubectl`
    return { version: versions.kubectl, path, checksums: `${path}.sha256`, archived: false }
  },
  istioctl({ os, arch }) {
    const system = os === 'darwin' ? 'osx' : os
    const file = `istioctl-${versions.istio}-${system}-${arch}.tar.gz`
    const path = `github.com/istio/istio/releases/download/${versions.istio}/${file}`
    return { version: versions.istio, path, checksums: `${path}.sha256`, archived: true }
  },
}

export const tools = Object.keys(releases) as readonly Tool[]

export function releaseOf(tool: Tool, platform: Platform): Release {
  return releases[tool](platform)
}

const systems: Readonly<Partial<Record<NodeJS.Platform, Platform['os']>>> = { linux: 'linux', darwin: 'darwin' }
const architectures: Readonly<Record<string, Platform['arch'] | undefined>> = { x64: 'amd64', arm64: 'arm64' }

/** @throws Failure where not all three tools are published for a machine like this */
export function platformOf(
  { doctor: { download: say } }: Words,
  system: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): Platform {
  const os = systems[system]
  const arch = architectures[architecture]
  if (os && arch) return { os, arch }
  throw notReady(say.noRelease(system, architecture), { mend: say.noReleaseMend })
}

/** The address of a path of a release: below its own host, or below a mirror. */
export function addressOf(path: string, mirror?: string): string {
  return mirror ? `${mirror.replace(/\/$/, '')}/${path}` : `https://${path}`
}
