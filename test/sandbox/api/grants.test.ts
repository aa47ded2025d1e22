/** Who writes roles and bindings gives nobody more than they have. */
import * as assert from 'uvu/assert'
import { suite } from '../../support/suite.ts'
import { startTestApi } from './api.ts'

const test = suite('grants')
const api = await startTestApi()
const rbac = 'rbac.authorization.k8s.io'
const path = (plural: string) => `/apis/${rbac}/v1/namespaces/default/${plural}`
const rule = (resources: string[], verbs: string[]) => ({ apiGroups: [''], resources, verbs })

const write = (as: string | undefined, kind: string, name: string, rest: object) =>
  api.ask('POST', path(`${kind.toLowerCase()}s`), {
    headers: as ? { 'impersonate-user': as } : {},
    body: JSON.stringify({ apiVersion: `${rbac}/v1`, kind, metadata: { name }, ...rest }),
  })
const bound = (to: string, role: string, kind = 'Role') => ({
  roleRef: { apiGroup: rbac, kind, name: role },
  subjects: [{ kind: 'User', apiGroup: rbac, name: to }],
})

await write(undefined, 'Role', 'writer', {
  rules: [rule(['pods', 'secrets'], ['get', 'list']), { apiGroups: [rbac], resources: ['*'], verbs: ['create'] }],
})
await write(undefined, 'RoleBinding', 'ann', bound('ann', 'writer'))

const rows: readonly [kind: string, rest: object, status: number, missing: string][] = [
  ['Role', { rules: [rule(['pods'], ['get'])] }, 201, ''],
  [
    'Role',
    { rules: [rule(['pods', 'nodes'], ['get', 'watch'])] },
    403,
    '{APIGroups:[""], Resources:["nodes"], Verbs:["get" "watch"]}\n{APIGroups:[""], Resources:["pods"], Verbs:["watch"]}',
  ],
  ['Role', { rules: [rule(['pods'], ['*'])] }, 403, '{APIGroups:[""], Resources:["pods"], Verbs:["*"]}'],
  [
    'Role',
    { rules: [{ ...rule(['pods/log'], ['get']), resourceNames: ['a'] }] },
    403,
    '{APIGroups:[""], Resources:["pods/log"], ResourceNames:["a"], Verbs:["get"]}',
  ],
  ['RoleBinding', bound('ben', 'writer'), 201, ''],
  [
    'RoleBinding',
    bound('ben', 'cluster-admin', 'ClusterRole'),
    403,
    '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}\n{NonResourceURLs:["*"], Verbs:["*"]}',
  ],
]

for (const [index, [kind, rest, status, missing]] of rows.entries())
  test(`ann ${status === 201 ? 'may' : 'may not'} write the ${kind} ${JSON.stringify(rest).slice(0, 90)}`, async () => {
    const answer = await write('ann', kind, `row-${index}`, rest)
    assert.is(answer.status, status)
    if (missing)
      assert.is(
        answer.body.message,
        `${kind.toLowerCase()}s.${rbac} "row-${index}" is forbidden: user "ann" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${missing}`,
      )
  })

test('a role that is not there cannot be given', async () => {
  assert.is((await write('ann', 'RoleBinding', 'none', bound('ben', 'none'))).status, 404)
})

test.after(() => api.close())
test.run()
