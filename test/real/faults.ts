/** Faults of the machine and of the cluster: what is said, the exit code, and that running again mends it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { actedAt } from '../support/interruption.ts'
import { projectCopy } from '../support/sandbox-lab.ts'
import type { RealLab } from './lab.ts'
import { fails, passes, run, type Story, says, typed } from './story.ts'

const routeOf = (name: string, subset: string) =>
  `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: { name: ${name}, namespace: default }
spec: { hosts: [reviews], http: [{ route: [{ destination: { host: reviews, subset: ${subset} } }] }] }`

/** Its subset v1 selects another version. */
const ruleOf = (name: string, version: string) =>
  `apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: { name: ${name}, namespace: default }
spec: { host: reviews, subsets: [{ name: v1, labels: { version: ${version} } }] }`

const apply = (text: string) => `kubectl apply -f - <<'END'\n${text}\nEND`

/** Words that a fault must be named by, with exit code 3. */
async function isNotReady(lab: RealLab, names: RegExp, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await lab.script(...(args as [string, ...string[]]))
  assert.is(code, 3, stdout + stderr)
  says(stderr, names)
}

export const faults: readonly Story[] = [
  {
    title: 'the gateway pod is deleted: the next script waits for the new one and passes',
    async tell(lab) {
      await typed(lab, 'kubectl delete pod -n istio-system -l istio=ingressgateway --wait=false')
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: 'the gateway is rolled out again, twice, and gets no ports: recognised, the old pod goes first, passes',
    async tell(lab) {
      // Of two rollouts that got no ports, taking one back leads to the other.
      for (const _ of [1, 2]) {
        await typed(lab, 'kubectl rollout restart -n istio-system deploy/istio-ingressgateway')
        // The time that a restart writes into the template counts whole seconds.
        await typed(lab, 'sleep 1')
      }
      const pending = 'kubectl get pods -n istio-system -l istio=ingressgateway --field-selector=status.phase=Pending'
      await typed(lab, `until ${pending} -o name | grep -q pod; do sleep 0.2; done`)
      const output = await passes(lab, '01-install.ts', '--from', 'istio')
      says(output, "didn't have free ports")
      says(output, '"maxSurge":0')
    },
  },
  {
    title: 'a pod without a sidecar: named, started anew, passes',
    async tell(lab) {
      await typed(lab, 'kubectl label namespace default istio-injection-')
      await typed(lab, 'kubectl delete pod -l app=reviews,version=v1; kubectl rollout status deploy/reviews-v1')
      await typed(lab, 'kubectl label namespace default istio-injection=enabled')
      const output = await passes(lab, '02-deploy.ts')
      says(output, /reviews-v1-\S+: no sidecar istio-proxy/)
    },
  },
  {
    title: 'an image that does not exist: the pod and the image are named; the right manifest mends it',
    async tell(lab) {
      const copy = projectCopy()
      const path = join(copy, 'manifests', 'bookinfo.yaml')
      writeFileSync(path, readFileSync(path, 'utf8').replace('reviews-v2:1.18.0', 'reviews-v2:0.0.0'))
      const program = [join(copy, 'scripts', '02-deploy.ts'), ...lab.target, '--timeout', '20']
      const { code, stderr } = await lab.program(process.execPath, '--import', 'tsx/esm', ...program)
      assert.is(code, 1, stderr)
      says(stderr, /reviews-v2-\S+: container reviews: (ErrImagePull|ImagePullBackOff).*reviews-v2:0\.0\.0/)
      await passes(lab, '02-deploy.ts')
    },
  },
  {
    title: 'istiod is down while rules change: the script fails and names it; with istiod back it passes',
    async tell(lab) {
      await passes(lab, '03-version-route.ts')
      await typed(
        lab,
        'kubectl scale -n istio-system deploy/istiod --replicas 0; kubectl wait -n istio-system --for=delete pod -l app=istiod --timeout=60s',
      )
      await fails(lab, /deployment istiod is scaled to zero/, '04-user-route.ts', '--timeout', '10')
      await typed(
        lab,
        'kubectl scale -n istio-system deploy/istiod --replicas 1; kubectl rollout status -n istio-system deploy/istiod --timeout=120s',
      )
      await passes(lab, '04-user-route.ts')
    },
  },
  {
    title: "somebody else's older VirtualService for reviews: both are named; without it the script passes",
    async tell(lab) {
      await typed(lab, 'kubectl delete vs reviews')
      await typed(lab, apply(routeOf('of-somebody-else', 'v3')))
      const args = ['--only', 'all-v1', '--timeout', '5']
      try {
        // Ages count in whole seconds; of two of the same second the name decides, which favours the foreign one, too.
        await fails(lab, /several VirtualServices.*of-somebody-else/s, '03-version-route.ts', ...args)
      } finally {
        await typed(lab, 'kubectl delete vs of-somebody-else')
      }
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: "somebody else's DestinationRule for reviews gives v1 another meaning: named; without it the script passes",
    async tell(lab) {
      await passes(lab, '03-version-route.ts')
      await typed(lab, apply(ruleOf('of-somebody-else', 'v3')))
      try {
        const named =
          /DestinationRule of-somebody-else\) selects version=v3.*kubectl delete destinationrule of-somebody-else/s
        await fails(lab, named, '03-version-route.ts', '--timeout', '5')
      } finally {
        await typed(lab, 'kubectl delete dr of-somebody-else')
      }
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: 'the API server is away for 20 s in the middle: the script goes on and passes',
    async tell(lab) {
      const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml'
      const away = `mv ${manifest} /root/; sleep 20; mv /root/kube-apiserver.yaml ${manifest}`
      let back: Promise<unknown> = Promise.resolve()
      const { code, output } = await actedAt(
        '$ kubectl apply -f manifests/destination-rule-all.yaml',
        () => (back = lab.program('docker', 'exec', lab.node, 'sh', '-c', away)),
        lab,
        ['03-version-route.ts', ...lab.target],
      )
      await back
      assert.is(code, 0, output)
    },
  },
  {
    title: 'a second run beside the first: refused, with the holder named',
    async tell(lab) {
      let second: ReturnType<typeof run> | undefined
      const first = await actedAt('Section 1', () => (second = run(lab, '04-user-route.ts')), lab, [
        'all.ts',
        ...lab.target,
      ])
      assert.is(first.code, 0, first.output)
      const refused = await second
      assert.is(refused?.code, 1)
      says(refused?.stderr ?? '', /another run is at work.*process \d+: \.\/scripts\/all\.ts/s)
    },
  },
  {
    title: 'the node is paused in the middle: named; unpaused, the script passes',
    async tell(lab) {
      const { code, output } = await actedAt(
        '$ kubectl apply -f manifests/destination-rule-all.yaml',
        () => void lab.program('docker', 'pause', lab.node),
        lab,
        ['03-version-route.ts', ...lab.target, '--timeout', '15'],
      )
      const paused = await run(lab, '04-user-route.ts')
      assert.is((await lab.program('docker', 'unpause', lab.node)).code, 0)
      assert.is(code, 1, output)
      says(output, `${lab.node} is paused`)
      assert.is(paused.code, 1)
      says(paused.stderr, `docker unpause ${lab.node}`)
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: 'the node was stopped, as by a reboot: started, waited for, passes',
    async tell(lab) {
      assert.is((await lab.program('docker', 'stop', lab.node)).code, 0)
      await passes(lab, '03-version-route.ts', '--timeout', '180')
    },
  },
  {
    title:
      'the node is restarted under a script: it waits for the API, names pods that are not back; what mends it passes',
    async tell(lab) {
      assert.is((await lab.program('docker', 'restart', lab.node)).code, 0)
      const { code, stderr } = await run(lab, '03-version-route.ts', '--timeout', '180')
      // A slow script finds the pods back.
      if (code === 0) return
      says(stderr, /reviews-v\d-\S+: \d\/\d ready/)
      says(stderr, './scripts/02-deploy.ts')
      await passes(lab, '02-deploy.ts', '--timeout', '180')
      await passes(lab, '03-version-route.ts')
    },
  },
  {
    title: 'a port is taken: exit code 3, with its holder',
    async tell(lab) {
      const server = createServer()
      const port = await new Promise<number>((resolve) =>
        server.listen(0, '0.0.0.0', () => resolve((server.address() as { port: number }).port)),
      )
      try {
        const other = ['--target', 'kind', '--name', `${lab.name}-b`, '--port', String(port)]
        await isNotReady(lab, new RegExp(`${port}.*process ${process.pid}`, 's'), '01-install.ts', ...other)
      } finally {
        server.close()
      }
    },
  },
  {
    title: 'a cluster with other port mappings: exit code 3, with what it has',
    tell: (lab) => isNotReady(lab, /port/, '01-install.ts', '--target', 'kind', '--name', lab.name, '--port', '31999'),
  },
  {
    title: "Docker's engine is away: exit code 3",
    async tell(lab) {
      const script = ['--import', 'tsx/esm', 'scripts/04-user-route.ts', ...lab.target]
      const away = ['DOCKER_HOST=unix:///nowhere.sock', process.execPath, ...script]
      const { code, stderr } = await lab.program('env', ...away)
      assert.is(code, 3, stderr)
      says(stderr, /Docker/)
      await passes(lab, '04-user-route.ts')
    },
  },
]
