/** What a container asks for and may use at most. */
import { parseQuantity } from '../quantity.ts'
import { inFormat, isQualifiedName } from './formats.ts'
import { goQuantity } from './go-quantity.ts'
import { asGo, type Check, forbidden, invalid, type Part, type Problem, required } from './problems.ts'

const standard = /^(?:cpu|memory|ephemeral-storage|hugepages-.+)$/
const anywhere =
  /^(?:cpu|memory|ephemeral-storage|hugepages-.+|storage|pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.nodeports|services\.loadbalancers|requests\..+|limits\..+)$/

export const checkResources: Check = ({ limits = {}, requests = {} }, path) => [
  ...checkList(limits, `${path}.limits`),
  ...checkList(requests, `${path}.requests`, (name, amount) => checkRequest(name, amount, limits, `${path}.requests`)),
  ...checkHugePages(Object.keys({ ...limits, ...requests }), path),
]

function checkHugePages(names: readonly string[], path: string): Problem[] {
  return names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')
    ? [forbidden(path, 'HugePages require cpu or memory')]
    : []
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

/** @param check what else is to be said of an amount */
function checkList(list: Part, path: string, check: (name: string, amount: string) => Problem[] = () => []): Problem[] {
  return Object.entries(list as Record<string, string>).flatMap(([name, amount]) => {
    const at = `${path}[${name}]`
    return [
      ...checkName(name, at),
      ...(nanos(amount) < 0n ? [invalid(at, amount, 'must be greater than or equal to 0')] : []),
      ...check(name, amount),
      ...checkWhole(name, amount, at),
      ...checkPages(name, amount, at),
    ]
  })
}

/** Of what is no part of Kubernetes there are whole pieces only. */
function checkWhole(name: string, amount: string, path: string): Problem[] {
  return !standard.test(name) && name.includes('/') && nanos(amount) % 1_000_000_000n !== 0n
    ? [invalid(path, goQuantity(amount, false), 'must be an integer')]
    : []
}

/** Huge pages are taken whole: `hugepages-2Mi` in steps of 2Mi. */
function checkPages(name: string, amount: string, path: string): Problem[] {
  if (!isHugePages(name)) return []
  const page = nanos(name.slice('hugepages-'.length))
  return page > 0n && nanos(amount) % page === 0n
    ? []
    : [invalid(path, amount, `${amount} is not positive integer multiple of ${name}`)]
}

function checkName(name: string, path: string): Problem[] {
  const malformed = inFormat(name, path, isQualifiedName)
  if (malformed.length > 0 || name.includes('/') || standard.test(name)) return malformed
  return [
    ...(anywhere.test(name) ? [] : [invalid(path, asGo(name), 'must be a standard resource type or fully qualified')]),
    invalid(path, asGo(name), 'must be a standard resource for containers'),
  ]
}

function checkRequest(name: string, amount: string, limits: Part, path: string): Problem[] {
  const limit = limits[name]
  const isOvercommitted = !name.includes('/') && !isHugePages(name)
  if (limit === undefined)
    return isOvercommitted
      ? []
      : [required(`${path.replace(/requests$/, 'limits')}`, 'Limit must be set for non overcommitable resources')]
  if (isOvercommitted)
    return nanos(amount) > nanos(limit)
      ? [invalid(path, amount, `must be less than or equal to ${name} limit of ${limit}`)]
      : []
  return nanos(amount) === nanos(limit) ? [] : [invalid(path, amount, `must be equal to ${name} limit of ${limit}`)]
}

function nanos(amount: string): bigint {
  return parseQuantity(amount)?.nanos ?? 0n
}
