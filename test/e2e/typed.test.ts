/** The lesson's own text, line by line in a shell of the sandbox, with its addresses replaced by files. */
import * as assert from 'uvu/assert'
import { headersOf, visit } from '../../lib/page.ts'
import { sandboxLab } from '../support/sandbox-lab.ts'
import { suite } from '../support/suite.ts'

const test = suite('the lesson typed by hand')
const lab = await sandboxLab()

async function typed(lines: string): Promise<string> {
  const { code, stdout, stderr } = await lab.type(lines)
  assert.is(code, 0, stderr)
  return stdout
}

/** Who answers so many visits, once the change has come to traffic. */
async function answering(visits: number, signIn?: string): Promise<Set<string>> {
  const headers = await headersOf(lab.page, { name: signIn ?? 'anonymous', ...(signIn ? { signIn } : {}) })
  const seen = await Promise.all(Array.from({ length: visits }, () => visit(lab.page, headers)))
  return new Set(seen.map(({ version, fault }) => version ?? (fault as string)))
}

/** @throws when the page does not come to show this alone */
async function shows(version: string, signIn?: string): Promise<void> {
  const end = Date.now() + 10_000
  let seen = await answering(5, signIn)
  while ((seen.size > 1 || !seen.has(version)) && Date.now() < end) seen = await answering(5, signIn)
  assert.equal([...(await answering(20, signIn))], [version])
}

test("a cluster from a here-document, whose port mapping is the page's port", async () => {
  await typed(`kind create cluster --config=- <<EOF
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
- role: control-plane
  kubeadmConfigPatches:
  - |
    kind: InitConfiguration
    nodeRegistration:
      kubeletExtraArgs:
        node-labels: "ingress-ready=true"
  extraPortMappings:
  - containerPort: 8080
    hostPort: ${lab.port}
    protocol: TCP
EOF`)
  const nodes = await typed('kubectl get nodes -L ingress-ready,simulated --no-headers')
  assert.match(nodes, /Ready +control-plane .* true +true/)
})

test('Istio', async () => {
  const output = await typed('kubectl cluster-info; istioctl install --set profile=demo -y 2>&1')
  assert.match(output, /is running at/)
  for (const part of ['Istio core', 'Istiod', 'Egress gateways', 'Ingress gateways'])
    assert.match(output, `✔ ${part} installed`)
})

test('sidecars, and a way in', async () => {
  const patch = `'{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirstWithHostNet","hostNetwork":true}}}}'`
  const output = await typed(`
    kubectl label namespace default istio-injection=enabled
    kubectl patch deploy -n istio-system istio-ingressgateway -p ${patch}`)
  assert.match(output, 'namespace/default labeled')
  assert.match(output, 'deployment.apps/istio-ingressgateway patched')
})

test('Bookinfo: six pods, each with a sidecar', async () => {
  await typed('kubectl apply -f manifests/bookinfo.yaml -f manifests/bookinfo-gateway.yaml')
  await typed('kubectl wait --for=condition=available --timeout=60s deployment --all')
  const pods = (await typed('kubectl get pod --no-headers')).trim().split('\n')
  assert.is(pods.length, 6)
  for (const pod of pods) assert.match(pod, /2\/2 +Running +0/)
})

test('destination rules', async () => {
  await typed('kubectl apply -f manifests/destination-rule-all.yaml')
  assert.match(await typed('kubectl get dr'), /^NAME +HOST +AGE\ndetails +details +\d+s\n/)
  const yaml = await typed('kubectl get dr reviews -o yaml')
  for (const field of ['uid: ', 'resourceVersion: ', 'generation: 1', 'creationTimestamp: ', 'name: v3'])
    assert.match(yaml, field)
})

test('everyone to v1', async () => {
  await typed('kubectl apply -f manifests/virtual-service-all-v1.yaml')
  assert.match(await typed('kubectl get vs reviews -o yaml'), 'subset: v1')
  await shows('v1')
})

test('everyone to v3', async () => {
  const patch = `'{"spec":{"http":[{"route":[{"destination":{"host":"reviews","subset":"v3"}}]}]}}'`
  assert.match(await typed(`kubectl patch vs reviews --type merge -p ${patch}`), 'reviews patched')
  await shows('v3')
})

test('jason to v2, everyone else to v1', async () => {
  await typed('kubectl apply -f manifests/virtual-service-reviews-test-v2.yaml')
  await shows('v1')
  await shows('v2', 'jason')
})

test.after(() => lab.close())
test.run()
