/**
 * Records what a real server answers to the requests of cases.ts, in a namespace of its own that it takes away
 * again: `node --import tsx/esm test/sandbox/schema/record.ts` (KUBECONFIG names the cluster, with Istio in it).
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { stories } from './cases.ts'
import { type Answer, apiVersions, mediaTypes, namespace, type Request } from './request.ts'

const config = JSON.parse(
  execFileSync('kubectl', ['config', 'view', '--minify', '--raw', '-o', 'json'], { encoding: 'utf8' }),
)
const { cluster } = config.clusters[0]
const { user } = config.users[0]
const pem = (data: string) => Buffer.from(data, 'base64')
const agent = new Agent({
  keepAlive: true,
  ca: pem(cluster['certificate-authority-data']),
  cert: pem(user['client-certificate-data']),
  key: pem(user['client-key-data']),
})

function send(method: string, path: string, type: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, accept: 'application/json', 'user-agent': 'recorder' }
    const call = request(`${cluster.server}${path}`, { method, agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        const warning = response.headers.warning as string | undefined
        const warnings = (warning ?? '').match(/299 - "(?:[^"\\]|\\.)*"/g) ?? []
        resolve({ status: response.statusCode ?? 0, warnings, body: JSON.parse(text) })
      })
    })
    call.on('error', reject).end(body)
  })
}

function root(to: string): string {
  const [plural = ''] = to.split('/')
  const apiVersion = apiVersions[plural] ?? 'networking.istio.io/v1beta1'
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/namespaces/${namespace}`
}

function ask({ method, to, type, query, body }: Request): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const path = `${root(to)}/${to}${query === undefined ? '' : `?${query}`}`
  return send(method, path, type ? mediaTypes[type] : 'application/json', text)
}

async function forget(to: string): Promise<void> {
  const path = `${root(to)}/${to.split('/')[0]}/a`
  const json = 'application/json'
  await send('PATCH', path, mediaTypes.merge, '{"metadata":{"finalizers":null}}')
  await send('DELETE', `${path}?gracePeriodSeconds=0&propagationPolicy=Background`, json, '')
}

const answers: Record<string, Answer[]> = {}
await send('POST', '/api/v1/namespaces', 'application/json', JSON.stringify({ metadata: { name: namespace } }))
for (const [name, story] of Object.entries(stories)) {
  answers[name] = []
  for (const step of story) answers[name].push(await ask(step))
  if (!story.every(({ query = '' }) => query.includes('dryRun'))) await forget(story[0]?.to as string)
}
await send('DELETE', `/api/v1/namespaces/${namespace}`, 'application/json', '')
agent.destroy()

const file = new URL('../../fixtures/golden/schema-answers.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`)
console.log(`${Object.keys(answers).length} stories recorded`)
