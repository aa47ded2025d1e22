/** What a real API server answered, asked of the sandbox in the same order. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { type Answered, startTestApi } from './api.ts'

interface Exchange {
  name: string
  request: { method: string; path: string; accept: string; as: string; contentType?: string; body?: unknown }
  status: number
  headers: Record<string, string>
  body: unknown
}

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/golden/${name}`, import.meta.url), 'utf8'))

const test = suite('answers')
const api = await startTestApi()

const tokens: Readonly<Record<string, string | undefined>> = { 'bad token': 'wrong', nobody: undefined }

function ask({ method, path, accept, as, contentType, body }: Exchange['request']): Promise<Answered> {
  return api.ask(method, path, {
    headers: { accept, ...(contentType ? { 'content-type': contentType } : {}) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(as in tokens ? { as: tokens[as] } : {}),
  })
}

/** What differs from cluster to cluster and from run to run. */
const fleeting =
  /"(uid|resourceVersion|creationTimestamp|time|storageVersionHash|serverAddress|gitCommit|goVersion|buildDate)":"[^"]*",?/g

// biome-ignore lint/suspicious/noExplicitAny: any answer of a server
function comparable(name: string, body: any): unknown {
  if (name === 'watch-too-old') return JSON.stringify(body).replace(/too old resource version: \d+ \(\d+\)/, '')
  if (name === 'apis') return body.groups.map((group: { name: string }) => group.name).sort()
  if (name.startsWith('discovery'))
    return [...body.resources].sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => comparable('', entry))
  if (body?.kind === 'Status' && body.details?.causes?.length > 1)
    return { ...body, message: '', details: { ...body.details, causes: body.details.causes.length } }
  return typeof body === 'string' ? body : JSON.parse(JSON.stringify(body).replace(fleeting, '').replaceAll(',}', '}'))
}

for (const { name, request, status, headers, body } of fixture('http.json') as Exchange[])
  test(`${name}: ${request.method} ${request.path}`, async () => {
    const answer = await ask(request)
    const found = name === 'watch-too-old' ? [JSON.parse(answer.text)] : answer.body
    assert.equal(comparable(name, found), comparable(name, body))
    assert.is(answer.status, status)
    assert.is(answer.headers['content-type'], headers['content-type'])
    assert.is(answer.headers.warning, headers.warning)
  })

for (const [path, columns] of Object.entries(fixture('columns.json') as Record<string, object[]>))
  test(`the columns of ${path.split('/').at(-1)}`, async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
    const { body } = await api.ask('GET', path, { headers: { accept } })
    const found = body.columnDefinitions.map(
      ({ description: _description, ...column }: Record<string, unknown>) => column,
    )
    assert.equal(found, columns)
  })

test.after(() => api.close())
test.run()
