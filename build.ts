/**
 * Bundles what must start fast: the sandbox's programs, and the Kubernetes client that lib imports as `#kubernetes`.
 * Through tsx the client alone costs a second and 200 MB in every process, bundled 0.15 s and 62 MB.
 * Two builds may run at once: each file is written beside its place and moved there whole.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'

const root = import.meta.dirname
const dist = join(root, 'dist')

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
}

/** What CommonJS packages inside of an ESM bundle need. */
const requireForCommonJs = {
  js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);`,
}

/** What lib uses of the client; whatever is not named here stays out of the bundle where it can. */
const clientNames = [
  'ApiException',
  'AppsV1Api',
  'CoreV1Api',
  'CustomObjectsApi',
  'KubeConfig',
  'KubernetesObjectApi',
  'PatchStrategy',
  'PortForward',
  'VersionApi',
  'Watch',
  'setHeaderOptions',
]

const kubernetesClient: BuildOptions = {
  ...common,
  banner: requireForCommonJs,
  stdin: {
    contents: `export { ${clientNames.join(', ')} } from '@kubernetes/client-node'`,
    resolveDir: root,
    sourcefile: 'kubernetes-client.ts',
  },
  outfile: 'dist/kubernetes-client.js',
}

/** The sandbox's programs: name of the bundle and its entry. */
const programs = {
  main: 'lib/sandbox/main.ts',
  resume: 'lib/sandbox/bin/resume.ts',
  kind: 'lib/sandbox/bin/kind.ts',
  istioctl: 'lib/sandbox/bin/istioctl.ts',
  kubectl: 'lib/sandbox/bin/kubectl.ts',
}

const sandbox: BuildOptions = {
  ...common,
  banner: { js: `#!/usr/bin/env node\n${requireForCommonJs.js}` },
  entryPoints: programs,
  outdir: 'dist/sandbox',
}

/** The names by which a shell finds the programs; kubectl apart, for machines that have none. */
const commands = {
  'bin/kind': '../sandbox/kind.js',
  'bin/istioctl': '../sandbox/istioctl.js',
  'bin-kubectl/kubectl': '../sandbox/kubectl.js',
}

/** What the programs read at run time, where they look for it. */
const data = {
  'sandbox/data': '../../lib/sandbox/schema/data',
  'sandbox/recordings': '../../lib/sandbox/cluster/recordings',
}

/** Puts a file or link in its place in one step. */
function place(path: string, make: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}`
  make(temporary)
  renameSync(temporary, path)
}

async function bundle(options: BuildOptions, mode: number): Promise<void> {
  const { outputFiles = [] } = await build(options)
  for (const { path, contents } of outputFiles)
    place(path, (temporary) => {
      writeFileSync(temporary, contents)
      chmodSync(temporary, path.endsWith('.js') ? mode : 0o644)
    })
}

await Promise.all([bundle(kubernetesClient, 0o644), bundle(sandbox, 0o755)])
for (const [name, target] of Object.entries({ ...commands, ...data }))
  place(join(dist, name), (temporary) => symlinkSync(target, temporary))
