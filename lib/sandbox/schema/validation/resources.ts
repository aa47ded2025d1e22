/** What a container asks for and may use at most. */
import { nanosOf } from '../quantity.ts'
import { type Check, forbidden, invalid, type Part, type Problem, required } from './problems.ts'
import { checkQuantity } from './quantities.ts'
import { checkContainerResourceName, isHugePages, isOvercommitted } from './resource-names.ts'

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

/** @param check what else is to be said of an amount */
function checkList(list: Part, path: string, check: (name: string, amount: string) => Problem[] = () => []): Problem[] {
  return Object.entries(list as Record<string, string>).flatMap(([name, amount]) => {
    const at = `${path}[${name}]`
    return [
      ...checkContainerResourceName(name, at),
      ...checkQuantity(name, amount, at),
      ...check(name, amount),
      ...checkPages(name, amount, at),
    ]
  })
}

/** Huge pages are taken whole: `hugepages-2Mi` in steps of 2Mi. */
function checkPages(name: string, amount: string, path: string): Problem[] {
  if (!isHugePages(name)) return []
  const page = nanosOf(name.slice('hugepages-'.length))
  return page > 0n && nanosOf(amount) % page === 0n
    ? []
    : [invalid(path, amount, `${amount} is not positive integer multiple of ${name}`)]
}

function checkRequest(name: string, amount: string, limits: Part, path: string): Problem[] {
  const limit = limits[name]
  if (limit === undefined)
    return isOvercommitted(name)
      ? []
      : [required(`${path.replace(/requests$/, 'limits')}`, 'Limit must be set for non overcommitable resources')]
  if (isOvercommitted(name))
    return nanosOf(amount) > nanosOf(limit)
      ? [invalid(path, amount, `must be less than or equal to ${name} limit of ${limit}`)]
      : []
  return nanosOf(amount) === nanosOf(limit) ? [] : [invalid(path, amount, `must be equal to ${name} limit of ${limit}`)]
}
