import { equal, notEqual } from 'node:assert/strict'
import { endedSession, sessionCookie, signedIn } from '../../../lib/sandbox/bookinfo/session.ts'
import { suite } from '../../support/suite.ts'

const test = suite('sessions')
const cookieOf = (user: string) => sessionCookie(user).split(';')[0] as string

for (const user of ['jason', 'Анна', 'a b=c;d', '"quoted"'])
  test(`${user} is who signed in`, () => {
    equal(signedIn({ cookie: cookieOf(user) }), user)
    equal(signedIn({ cookie: `first=1; ${cookieOf(user)}; last=2` }), user)
  })

const strangers: Readonly<Record<string, string | undefined>> = {
  'no cookie': undefined,
  'another cookie': 'other=1',
  'a name alone': 'session=amFzb24',
  'a wrong signature': 'session=amFzb24.AAAA',
  'the signature of another name': `${cookieOf('jason').replace('amFzb24', 'YW5uYQ')}`,
  'an ended session': endedSession,
  'a cookie whose name only ends so': `xsession=${cookieOf('jason').slice('session='.length)}`,
}

for (const [what, cookie] of Object.entries(strangers))
  test(`${what} is nobody`, () => {
    equal(signedIn(cookie === undefined ? {} : { cookie }), '')
  })

test('a very long name is cut, and still signed', () => {
  const name = signedIn({ cookie: cookieOf('a'.repeat(5_000)) })
  equal(name, 'a'.repeat(100))
  notEqual(sessionCookie('a'), sessionCookie('b'))
})

test.run()
