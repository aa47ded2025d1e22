/** Who is signed in: a name in a signed cookie. Any password will do, as in the original. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { RequestHeaders } from '../mesh/http.ts'

/** The same in all pods, as in the original: a session outlives the pod that began it. It guards nothing. */
const key = 'bookinfo'

/** Names longer than this are cut: the cookie goes with every request. */
const LONGEST_NAME = 100

/** The cookie that signs somebody in. */
export function sessionCookie(user: string): string {
  return `session=${sign(user.slice(0, LONGEST_NAME))}; Path=/; HttpOnly`
}

/** The cookie that signs out. */
export const endedSession = 'session=; Path=/; Max-Age=0; HttpOnly'

/** '' for nobody, or for a cookie that is not ours. */
export function signedIn({ cookie }: RequestHeaders): string {
  const value = cookie && /(?:^|;\s*)session="?([^;"]+)/.exec(cookie)?.[1]
  if (!value) return ''
  const user = Buffer.from(value.slice(0, Math.max(value.indexOf('.'), 0)), 'base64url').toString()
  const [own, sent] = [Buffer.from(sign(user)), Buffer.from(value)]
  return own.length === sent.length && timingSafeEqual(own, sent) ? user : ''
}

function sign(user: string): string {
  const text = Buffer.from(user).toString('base64url')
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}
