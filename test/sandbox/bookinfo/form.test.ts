import { equal } from 'node:assert/strict'
import { formValue } from '../../../lib/sandbox/bookinfo/form.ts'
import { request } from '../../support/mesh.ts'
import { suite } from '../../support/suite.ts'

const test = suite('forms')

const urlencoded = 'application/x-www-form-urlencoded'
const part = '--q\r\nContent-Disposition: form-data; name="username"\r\n\r\nann\r\n--q--\r\n'

const cases: readonly [string, string, string, string | undefined][] = [
  ['username=a%20b&x=y', urlencoded, '/login', 'a b'],
  ['username=a', `${urlencoded}; charset=utf-8`, '/login?username=b', 'a'],
  ['', urlencoded, '/login?username=b', 'b'],
  ['username=a', '', '/login', undefined],
  ['{"username":"a"}', 'application/json', '/login', undefined],
  [part, 'multipart/form-data; boundary=q', '/login', 'ann'],
  ['nonsense', 'multipart/form-data; boundary=q', '/login', undefined],
]

for (const [body, type, path, expected] of cases)
  test(`${type} ${path} ${body.slice(0, 20)}`, async () => {
    const headers = { 'content-type': type }
    equal(await formValue(request({ method: 'POST', path, headers, body }), 'username'), expected)
  })

test.run()
