/** `gateways` of a VirtualService and of its matches. */
import { checkDomain, isDnsLabel } from './names.ts'
import type { Problems } from './problems.ts'

/** Stops at the first short name, as istiod does. */
export function checkGatewayNames(names: readonly string[], problems: Problems): void {
  for (const name of names) {
    const slash = name.indexOf('/')
    if (slash < 0) {
      const [first, second] = name.split('.')
      if (second !== undefined)
        problems.warn(
          `using legacy gatewayName format "${name}"; prefer the <namespace>/<name> format: "${second}/${first}"`,
        )
      problems.add(checkDomain(name))
      return
    }
    const [namespace, own] = [name.slice(0, slash), name.slice(slash + 1)]
    if (namespace === '' || own === '') problems.add('config namespace and gateway name cannot be empty')
    if (!isDnsLabel(namespace)) problems.add(`invalid value for namespace: "${namespace}"`)
    if (!isDnsLabel(own)) problems.add(`invalid value for gateway name: "${own}"`)
  }
}
