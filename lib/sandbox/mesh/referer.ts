/** Where a visitor says to come from: Envoy hands on only what can be an address. */

/** An address of http, or a part of one, without a fragment or anybody's name. */
export function isReferer(value: string): boolean {
  if (/^https?:\/\//i.test(value)) return isAddress(value)
  return /^[\w\-.~!$&'()*+,;=%@?/:]*$/.test(value) && !/^[^/]*:/.test(value)
}

function isAddress(value: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false
  const { hash, username, password } = new URL(value)
  return hash === '' && username === '' && password === '' && !value.includes('#')
}
