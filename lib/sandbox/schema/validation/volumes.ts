/** Volumes of a pod. */
import { nanosOf } from '../quantity.ts'
import { checkDescending, checkNoBacksteps } from './descending-paths.ts'
import { checkFileFieldRef } from './env.ts'
import { inFormat, isDnsLabel } from './formats.ts'
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
  ...(key ? [] : [required(`${path}.key`)]),
  ...(file ? checkFile(file, `${path}.path`) : [required(`${path}.path`)]),
  ...checkMode(mode, `${path}.mode`),
]

/** Names that begin with two dots are the kubelet's own. */
function checkFile(file: string, path: string): Problem[] {
  const isReserved = file.startsWith('..') && !file.startsWith('../')
  return [...checkDescending(file, path), ...(isReserved ? [invalid(path, file, "must not start with '..'")] : [])]
}

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
  emptyDir: ({ sizeLimit }, path) =>
    nanosOf(sizeLimit ?? '0') < 0n
      ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  nfs: needs('server', 'path'),
  csi: needs('driver'),
  downwardAPI: ({ defaultMode, items }, path) => [
    ...checkMode(defaultMode, `${path}.defaultMode`),
    // Here the server does not say which of the files it means.
    ...each(items, '', (item) => checkDownward(item, path)),
  ],
  projected: ({ defaultMode, sources }, path) => [
    ...checkMode(defaultMode, `${path}.defaultMode`),
    ...each(sources, `${path}.sources`, (source, at) => checkProjection(source, at, path)),
    ...checkConflicts(sources ?? [], path),
  ],
}

/** The shortest life of a token. */
const LEAST_TOKEN_SECONDS = 600

/** @param volume path of the volume, which the server names where it means the token's file */
function checkProjection(source: Part, path: string, volume: string): Problem[] {
  const given = Object.keys(source)
  const { serviceAccountToken: token, downwardAPI } = source
  const named = ['secret', 'configMap'].filter((name) => source[name])
  return [
    ...named.flatMap((name) => [
      ...needs('name')(source[name], `${path}.${name}`),
      ...each(source[name].items, `${path}.${name}.items`, checkItem),
    ]),
    ...(token?.expirationSeconds < LEAST_TOKEN_SECONDS
      ? [
          invalid(
            `${path}.serviceAccountToken.expirationSeconds`,
            token.expirationSeconds,
            'may not specify a duration less than 10 minutes',
          ),
        ]
      : []),
    ...(token && !token.path ? [required(`${volume}.path`)] : []),
    ...each(downwardAPI?.items, '', (item) => checkDownward(item, `${path}.downwardAPI`)),
    ...(given.length > 1 ? [forbidden(path, 'may not specify more than 1 volume type')] : []),
  ]
}

const checkDownward: Check = ({ path: file, fieldRef, mode }, path) => [
  ...(file ? checkFile(file, `${path}.path`) : [required(`${path}.path`)]),
  ...(fieldRef ? checkFileFieldRef(fieldRef, `${path}.fieldRef`) : []),
  ...checkMode(mode, `${path}.mode`),
]

/** Files of several sources that would lie in one place; the server names the source, or the file where it has no name. */
function checkConflicts(sources: readonly Part[], path: string): Problem[] {
  const files = sources.flatMap(({ secret, configMap, downwardAPI }) => [
    ...[secret, configMap].flatMap((source) => (source?.items ?? []).map((item: Part) => [item.path, source.name])),
    ...(downwardAPI?.items ?? []).map((item: Part) => [item.path, item.path]),
  ])
  const isTaken = (file: string, index: number) => files.slice(0, index).some(([other]) => other === file)
  return files.flatMap(([file, name], index) =>
    file && isTaken(file, index) ? [invalid(path, name, 'conflicting duplicate paths')] : [],
  )
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
