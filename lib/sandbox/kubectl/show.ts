/** `kubectl logs`, `version`, `cluster-info`. */
import { pathOf } from '../cli/resources.ts'
import type { KubeObject, Labels } from '../objects.ts'
import type { Command, Session, Target } from './session.ts'

const VERSION = 'v1.29.2'
const defaultContainer = 'kubectl.kubernetes.io/default-container'

export const logs: Command = {
  usage: 'logs POD|TYPE/NAME|-l LABELS [-c CONTAINER] [--tail=N] [--timestamps]',
  flags: {
    container: { type: 'value', short: 'c' },
    selector: { type: 'value', short: 'l' },
    tail: { type: 'value' },
    timestamps: { type: 'switch' },
    since: { type: 'value' },
  },
  run: async (session) => {
    for (const pod of await podsOf(session)) {
      const container = session.line.value('container') ?? chosenContainer(pod)
      const query = new URLSearchParams({ container })
      const tail = session.line.value('tail')
      if (tail && tail !== '-1') query.set('tailLines', tail)
      if (session.line.isSet('timestamps')) query.set('timestamps', 'true')
      const resource = await session.resource('pods')
      process.stdout.write(
        await session.client.text(`${pathOf(resource, pod.metadata.namespace, pod.metadata.name)}/log?${query}`),
      )
    }
  },
}

async function podsOf(session: Session): Promise<KubeObject[]> {
  const pods = await session.resource('pods')
  if (session.line.value('selector')) return session.list(pods)
  const [word] = session.words
  if (!word) throw new Error('expected POD or TYPE/NAME is a required argument for the logs command')
  const [target] = (await session.targets([word.includes('/') ? word : `pods/${word}`])) as [Target]
  const object = await session.get(target)
  if (target.resource.plural === 'pods') return [object]
  const wanted: Labels = object.spec.selector?.matchLabels ?? object.spec.selector ?? {}
  const query = new URLSearchParams({
    labelSelector: Object.entries(wanted)
      .map((pair) => pair.join('='))
      .join(','),
  })
  const { items } = await session.client.send({ path: `${pathOf(pods, session.namespace)}?${query}` })
  if (items.length > 1) console.error(`Found ${items.length} pods, using pod/${items[0].metadata.name}`)
  return items.slice(0, 1)
}

function chosenContainer({ metadata, spec }: KubeObject): string {
  const named = metadata.annotations?.[defaultContainer]
  if (named) return named
  const names: string[] = spec.containers.map(({ name }: { name: string }) => name)
  if (names.length > 1) console.error(`Defaulted container "${names[0]}" out of: ${names.join(', ')}`)
  return names[0] as string
}

export const version: Command = {
  usage: 'version [--client]',
  flags: { client: { type: 'switch' }, output: { type: 'value', short: 'o' } },
  run: async (session) => {
    const server = session.line.isSet('client') ? undefined : await session.client.send({ path: '/version' })
    if (session.line.value('output') === 'json') {
      console.log(
        JSON.stringify(
          { clientVersion: { gitVersion: VERSION }, ...(server ? { serverVersion: server } : {}) },
          undefined,
          2,
        ),
      )
      return
    }
    console.log(`Client Version: ${VERSION} (the sandbox's own small kubectl)`)
    if (server) console.log(`Server Version: ${server.gitVersion}`)
  },
}

export const clusterInfo: Command = {
  usage: 'cluster-info',
  flags: {},
  run: async ({ client }) => {
    await client.send({ path: '/api/v1/namespaces/kube-system/services/kube-dns' })
    console.log(`Kubernetes control plane is running at ${client.server}`)
    console.log(`CoreDNS is running at ${client.server}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy`)
    console.log("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.")
  },
}
