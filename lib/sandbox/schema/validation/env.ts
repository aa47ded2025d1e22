/** Environment variables of a container. */
import { inFormat, isConfigKey, isDnsSubdomain, isEnvName } from './formats.ts'
import { type Check, each, invalid, type Part, type Problem, required } from './problems.ts'

/** What a pod can tell its containers of itself: in a variable, and in a file. */
const inVariable =
  /^(?:metadata\.(?:name|namespace|uid)|metadata\.(?:labels|annotations)\['[^']*'\]|spec\.(?:nodeName|serviceAccountName)|status\.(?:hostIP|hostIPs|podIP|podIPs))$/
const inFile = /^metadata\.(?:name|namespace|uid|labels|annotations|(?:labels|annotations)\['[^']*'\])$/

const resources = /^(?:limits|requests)\.(?:cpu|memory|ephemeral-storage|hugepages-.+)$/

export const checkEnv: Check = (variable, path) => [
  ...(variable.name ? inFormat(variable.name, `${path}.name`, isEnvName) : [required(`${path}.name`)]),
  ...(variable.valueFrom ? checkSource(variable, `${path}.valueFrom`) : []),
]

const checkFieldRef =
  (known: RegExp): Check =>
  ({ fieldPath, apiVersion }, path) => {
    if (!apiVersion) return [required(`${path}.apiVersion`)]
    if (!fieldPath) return [required(`${path}.fieldPath`)]
    if (known.test(fieldPath)) return []
    const at = `${path}.fieldPath`
    return [invalid(at, fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`)]
  }

export const checkFileFieldRef = checkFieldRef(inFile)

const sources: Readonly<Record<string, Check>> = {
  fieldRef: checkFieldRef(inVariable),
  resourceFieldRef: ({ resource }, path) => {
    if (!resource) return [required(`${path}.resource`)]
    if (resources.test(resource)) return []
    const supported = [
      'limits.cpu',
      'limits.ephemeral-storage',
      'limits.memory',
      'requests.cpu',
      'requests.ephemeral-storage',
      'requests.memory',
    ]
    return [
      {
        field: `${path}.resource`,
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(resource)}: supported values: ${supported.map((name) => JSON.stringify(name)).join(', ')}`,
      },
    ]
  },
  configMapKeyRef: checkKey,
  secretKeyRef: checkKey,
}

function checkKey({ name, key }: Part, path: string): Problem[] {
  return [
    ...inFormat(name ?? '', `${path}.name`, isDnsSubdomain),
    ...(key ? inFormat(key, `${path}.key`, isConfigKey) : [required(`${path}.key`)]),
  ]
}

function checkSource({ value, valueFrom }: Part, path: string): Problem[] {
  const given = Object.keys(sources).filter((name) => valueFrom[name])
  const wrong = given.flatMap((name) => sources[name]?.(valueFrom[name], `${path}.${name}`) ?? [])
  const say = (text: string) => [...wrong, invalid(path, '', text)]
  if (given.length === 0)
    return say('must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`')
  if (value) return say('may not be specified when `value` is not empty')
  return given.length > 1 ? say('may not have more than one field specified at a time') : wrong
}

/** @param path of the list: the server does not name the item in all it says */
export function checkEnvFrom(list: Part, path: string): Problem[] {
  return each(list, path, (source, at) => {
    const given = ['configMapRef', 'secretRef'].filter((name) => source[name])
    return [
      ...(source.prefix ? inFormat(source.prefix, `${at}.prefix`, isEnvName) : []),
      ...given.flatMap((name) =>
        source[name].name
          ? inFormat(source[name].name, `${at}.${name}.name`, isDnsSubdomain)
          : [required(`${at}.${name}.name`)],
      ),
      ...(given.length === 0 ? [invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
      ...(given.length > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : []),
    ]
  })
}
