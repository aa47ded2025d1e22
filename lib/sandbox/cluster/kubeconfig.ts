/** kubeconfig files: kind puts a cluster in, makes it the current one, and takes it out again. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parse, stringify } from 'yaml'
import { type ClusterSettings, writeWhole } from './settings.ts'

interface Named {
  name: string
}

export interface Kubeconfig {
  apiVersion: 'v1'
  kind: 'Config'
  clusters: (Named & { cluster: { server: string; 'certificate-authority-data'?: string } })[]
  contexts: (Named & { context: { cluster: string; user: string; namespace?: string } })[]
  'current-context': string
  preferences: object
  users: (Named & { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } })[]
}

/** `kind-NAME`, the name of cluster, context and user. */
export function contextName(cluster: string): string {
  return `kind-${cluster}`
}

export function kubeconfigOf({ name, apiPort, certificates }: ClusterSettings): Kubeconfig {
  const context = contextName(name)
  const data = (pem: string) => Buffer.from(pem).toString('base64')
  const cluster = { 'certificate-authority-data': data(certificates.authority), server: `https://127.0.0.1:${apiPort}` }
  return {
    apiVersion: 'v1',
    clusters: [{ cluster, name: context }],
    contexts: [{ context: { cluster: context, user: context }, name: context }],
    'current-context': context,
    kind: 'Config',
    preferences: {},
    users: [
      {
        name: context,
        user: {
          'client-certificate-data': data(certificates.administrator),
          'client-key-data': data(certificates.administratorKey),
        },
      },
    ],
  }
}

export function readKubeconfig(file: string): Kubeconfig | undefined {
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  if (text.trim() === '') return undefined
  try {
    return parse(text) as Kubeconfig
  } catch (cause) {
    throw new Error(`failed to load kubeconfig ${file}: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
}

/** Puts the cluster into the file, beside what is there, and makes it the current one. */
export function addToKubeconfig(file: string, settings: ClusterSettings): void {
  const added = kubeconfigOf(settings)
  const current = readKubeconfig(file)
  const merged: Kubeconfig = {
    ...added,
    ...current,
    clusters: replaced(current?.clusters, added.clusters),
    contexts: replaced(current?.contexts, added.contexts),
    users: replaced(current?.users, added.users),
    'current-context': added['current-context'],
  }
  write(file, merged)
}

/** Takes the cluster out of the file; says whether it was there. */
export function removeFromKubeconfig(file: string, cluster: string): boolean {
  const current = readKubeconfig(file)
  const context = contextName(cluster)
  if (!current?.contexts?.some(({ name }) => name === context)) return false
  const others = <Entry extends Named>(entries: Entry[] | undefined) =>
    (entries ?? []).filter(({ name }) => name !== context)
  write(file, {
    ...current,
    clusters: others(current.clusters),
    contexts: others(current.contexts),
    users: others(current.users),
    'current-context': current['current-context'] === context ? '' : current['current-context'],
  })
  return true
}

function replaced<Entry extends Named>(entries: Entry[] | undefined, added: Entry[]): Entry[] {
  return [...(entries ?? []).filter(({ name }) => !added.some((entry) => entry.name === name)), ...added]
}

function write(file: string, kubeconfig: Kubeconfig): void {
  mkdirSync(dirname(file), { recursive: true })
  writeWhole(file, stringify(kubeconfig, { lineWidth: 0, indentSeq: false }))
}
