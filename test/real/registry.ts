/**
 * A registry of images on this machine, in place of Docker Hub: it holds the lesson's images, behind a line of a
 * learner's speed, and can refuse. With it comes a node image without them, whose containerd asks that registry.
 * Wants the program docker-registry (a package of Debian), or an image registry:2.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, get, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { retry } from '../../lib/retry.ts'
import { imagesOfLesson } from '../../lib/targets/prefetch.ts'
import { versions } from '../../lib/versions.ts'
import { temporaryFolder } from '../support/folder.ts'
import { freePort } from '../support/listen.ts'

/** 160 megabits a second, for all that is pulled at the same time. */
const BYTES_PER_MS = 20_000

export interface Registry {
  /** The node image whose containerd knows no other place. */
  nodeImage: string
  /** From now on it answers as Docker Hub does to who has pulled too much, or no longer. */
  limit: (refuses: boolean) => void
  close: () => void
}

/** @param gateway this machine's address, as kind's nodes reach it */
export async function startRegistry(gateway: string): Promise<Registry> {
  const port = await freePort()
  const program = await serve(port)
  const line = slowLine(port)
  line.server.listen(0, '0.0.0.0')
  await once(line.server, 'listening')
  line.server.unref()
  const { port: linePort } = line.server.address() as { port: number }
  const nodeImage = makeNodeImage(port, `http://${gateway}:${linePort}`)
  return {
    nodeImage,
    limit: line.limit,
    close: () => {
      program.kill()
      line.server.close()
      line.server.closeAllConnections()
      docker('rmi', '--force', nodeImage)
    },
  }
}

async function serve(port: number): Promise<ChildProcess> {
  const folder = temporaryFolder()
  const config = join(folder, 'config.yml')
  const storage = `storage: { filesystem: { rootdirectory: ${folder} } }`
  writeFileSync(config, `version: 0.1\n${storage}\nhttp: { addr: ":${port}" }\nlog: { level: error }\n`)
  const [program, ...args] = isThere('docker-registry')
    ? ['docker-registry', 'serve', config]
    : ['docker', 'run', '--rm', '--publish', `${port}:5000`, 'registry:2']
  const child = spawn(program as string, args, { stdio: 'ignore' })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`no registry: install docker-registry (a package of Debian), or docker pull registry:2`)
  })
  const answers = retry(async () => void (await fetch(`http://127.0.0.1:${port}/v2/`)), { limitMs: 60_000 })
  // It ends in the end, which then is nobody's concern.
  ended.catch(() => undefined)
  await Promise.race([answers, ended])
  return child
}

/** Passes requests on to the registry, and its answers back no faster than the line allows. */
function slowLine(port: number) {
  let refuses = false
  let busy = Promise.resolve()
  const send = (response: ServerResponse, chunk: Buffer) => {
    busy = busy.then(async () => {
      await delay(chunk.length / BYTES_PER_MS)
      response.write(chunk)
    })
    return busy
  }
  const server = createServer((request, response) => {
    if (refuses) {
      const message = 'You have reached your pull rate limit.'
      response.writeHead(429, { 'content-type': 'application/json' })
      return void response.end(
        JSON.stringify({ errors: [{ code: 'TOOMANYREQUESTS', message: `toomanyrequests: ${message}` }] }),
      )
    }
    const { method = 'GET', url = '/', headers } = request
    const outgoing = get({ port, path: url, method, headers }, async (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      for await (const chunk of answer) await send(response, chunk as Buffer)
      response.end()
    })
    outgoing.on('error', () => response.destroy())
  })
  const limit = (yes: boolean) => {
    refuses = yes
  }
  return { server, limit }
}

/** Moves the lesson's images out of the lesson's node image and into the registry. */
function makeNodeImage(port: number, mirror: string): string {
  const original = versions.nodeImage
  const name = `istio-lesson-registry:${original.split(':')[1]}`
  const move = `
    containerd >/dev/null 2>&1 &
    until ctr version >/dev/null 2>&1; do sleep 0.2; done
    ctr="ctr --namespace k8s.io images"
    for image in ${imagesOfLesson().join(' ')}; do
      $ctr ls -q | grep -qx "$image" || $ctr pull "$image"
      $ctr push --plain-http 127.0.0.1:${port}/\${image#docker.io/} "$image"
    done
    $ctr ls -q | grep /istio/ | xargs $ctr rm --sync
    mkdir -p /etc/containerd/certs.d/docker.io
    printf 'server = "%s"\\n[host."%s"]\\n' ${mirror} ${mirror} >/etc/containerd/certs.d/docker.io/hosts.toml
    printf '\\n[plugins."io.containerd.grpc.v1.cri".registry]\\n  config_path = "/etc/containerd/certs.d"\\n' \\
      >>/etc/containerd/config.toml
    kill $!; wait`
  const options = ['--detach', '--privileged', '--network', 'host', '--entrypoint', 'sleep']
  const container = docker('run', ...options, original, 'infinity')
  try {
    docker('exec', container, 'bash', '-euc', move)
    const entrypoint = docker('image', 'inspect', '--format', '{{json .Config.Entrypoint}}', original)
    docker('commit', '--change', `ENTRYPOINT ${entrypoint}`, '--change', 'CMD []', container, name)
  } finally {
    docker('rm', '--force', container)
  }
  return name
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
