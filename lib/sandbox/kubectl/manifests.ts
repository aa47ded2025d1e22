/** `-f`: the objects of YAML and JSON files, of folders, and of standard input. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { readInput } from '../cli/program.ts'
import type { KubeObject } from '../objects.ts'
import type { Session, Target } from './session.ts'

export interface Manifest extends Target {
  object: KubeObject
  /** The file, as it was named. */
  source: string
}

/** @throws where a file cannot be read, or a kind is not known */
export async function readManifests(session: Session): Promise<Manifest[]> {
  const files = session.line.values('filename').flatMap((text) => text.split(','))
  const texts = await Promise.all(files.flatMap(inFolder).map(async (file) => ({ file, text: await read(file) })))
  const objects = texts.flatMap(({ file, text }) => parse(file, text).map((object) => ({ object, source: file })))
  if (objects.length === 0) throw new Error('no objects passed to apply')
  return Promise.all(objects.map((found) => manifest(found, session)))
}

function inFolder(file: string): string[] {
  if (file === '-' || /^https?:/.test(file) || !existsSync(file) || !statSync(file).isDirectory()) return [file]
  return readdirSync(file)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(file, name))
}

async function read(file: string): Promise<string> {
  if (file === '-') return readInput()
  if (/^https?:/.test(file))
    throw new Error(
      `the sandbox's kubectl reads nothing from the network: download ${file} first, or take the real kubectl`,
    )
  if (!existsSync(file)) throw new Error(`the path "${file}" does not exist`)
  return readFileSync(file, 'utf8')
}

function parse(file: string, text: string): KubeObject[] {
  const documents = parseAllDocuments(text)
  const broken = documents.flatMap(({ errors }) => errors)[0]
  if (broken)
    throw new Error(`error parsing ${file}: error converting YAML to JSON: yaml: ${broken.message.split('\n')[0]}`)
  return documents
    .map((document): KubeObject | null => document.toJS())
    .filter((object) => object !== null)
    .flatMap((object) => (object.kind === 'List' ? (object.items as KubeObject[]) : [object]))
}

async function manifest(
  { object, source }: { object: KubeObject; source: string },
  session: Session,
): Promise<Manifest> {
  for (const field of ['apiVersion', 'kind'])
    if (!object[field]) throw new Error(`error validating "${source}": error validating data: ${field} not set`)
  const resource = await session.resourceOf(object)
  if (!resource)
    throw new Error(
      `resource mapping not found for name: "${object.metadata?.name ?? ''}" namespace: "${object.metadata?.namespace ?? ''}" from "${source}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`,
    )
  const { name, namespace = session.namespace } = object.metadata
  if (!resource.namespaced) return { resource, name, namespace: undefined, object, source }
  return { resource, name, namespace, object: { ...object, metadata: { ...object.metadata, namespace } }, source }
}
