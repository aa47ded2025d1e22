/** Volumes of a pod. */
import { checkDescending, checkNoBacksteps } from './containers.ts'
import { inFormat, isConfigKey, isDnsLabel } from './formats.ts'
import {
  type Check,
  duplicate,
  each,
  forbidden,
  invalid,
  oneOf,
  type Part,
  type Problem,
  required,
} from './problems.ts'

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

const checkItem: Check = ({ key, path: file, mode }, path) => [
  ...(key ? inFormat(key, `${path}.key`, isConfigKey) : [required(`${path}.key`)]),
  ...(file ? checkDescending(file, `${path}.path`) : [required(`${path}.path`)]),
  ...checkMode(mode, `${path}.mode`),
]

function checkMode(mode: number | undefined, path: string): Problem[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return []
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
}

const needs =
  (...names: string[]): Check =>
  (part, path) =>
    names.filter((name) => !part[name]).map((name) => required(`${path}.${name}`))

/** What is looked at in each type of volume; of types that are not here only that they are alone. */
const types: Readonly<Record<string, Check>> = {
  hostPath: ({ path: folder, type }, path) =>
    folder
      ? [...checkNoBacksteps(folder, `${path}.path`), ...oneOf(type, `${path}.type`, hostPathTypes)]
      : [required(`${path}.path`)],
  secret: ({ secretName, defaultMode, items }, path) => [
    ...needs('secretName')({ secretName }, path),
    ...checkMode(defaultMode, `${path}.defaultMode`),
    ...each(items, `${path}.items`, checkItem),
  ],
  configMap: ({ name, defaultMode, items }, path) => [
    ...needs('name')({ name }, path),
    ...checkMode(defaultMode, `${path}.defaultMode`),
    ...each(items, `${path}.items`, checkItem),
  ],
  persistentVolumeClaim: needs('claimName'),
  nfs: needs('server', 'path'),
  csi: needs('driver'),
  downwardAPI: ({ defaultMode, items }, path) => [
    ...checkMode(defaultMode, `${path}.defaultMode`),
    ...each(items, path, (item, at) => needs('path')(item, at)),
  ],
  projected: ({ defaultMode, sources }, path) => [
    ...checkMode(defaultMode, `${path}.defaultMode`),
    ...each(sources, `${path}.sources`, checkProjection),
  ],
}

const checkProjection: Check = (source, path) => {
  const given = Object.keys(source)
  const named = ['secret', 'configMap'].filter((name) => source[name])
  return [
    ...named.flatMap((name) => [
      ...needs('name')(source[name], `${path}.${name}`),
      ...each(source[name].items, `${path}.${name}.items`, checkItem),
    ]),
    ...(given.length > 1 ? [forbidden(path, 'may not specify more than 1 volume type')] : []),
  ]
}

/** The volumes' problems, and the names of those that have none, which alone can be mounted. */
export function checkVolumes(volumes: Part, path: string): { problems: Problem[]; names: string[] } {
  const names: string[] = []
  const problems = each(volumes, path, (volume, at) => {
    const found = checkVolume(volume, at, names)
    if (found.length === 0) names.push(volume.name)
    return found
  })
  return { problems, names }
}

function checkVolume(volume: Part, path: string, taken: readonly string[]): Problem[] {
  const { name, ...source } = volume
  const given = Object.keys(source)
  // The server looks for these in its own order: one without anything inside comes first.
  const [first, ...others] = given.includes('emptyDir')
    ? ['emptyDir', ...given.filter((type) => type !== 'emptyDir')]
    : given
  return [
    ...(first === undefined
      ? [required(path, 'must specify a volume type')]
      : (types[first]?.(source[first], `${path}.${first}`) ?? [])),
    ...others.map((type) => forbidden(`${path}.${type}`, 'may not specify more than 1 volume type')),
    ...(name ? inFormat(name, `${path}.name`, isDnsLabel) : [required(`${path}.name`)]),
    ...(taken.includes(name) ? [duplicate(`${path}.name`, name)] : []),
  ]
}
