/** How kubectl prints objects: tables of the server, YAML, JSON, names, values at paths. */
import { type Resource, shownName } from '../cli/resources.ts'
import type { KubeObject } from '../objects.ts'
import { yamlText } from '../schema/yaml-text.ts'
import { fillTemplate } from './json-path.ts'

/** The server's Table of objects. */
export interface Table {
  kind: 'Table'
  columnDefinitions: { name: string; priority: number }[]
  rows: { cells: unknown[]; object: { metadata: KubeObject['metadata'] } }[]
}

export interface TableOptions {
  isWide: boolean
  withNamespace: boolean
  withLabels: boolean
  withHeaders: boolean
  /** Put before each name where several resources are listed: `pod/`. */
  prefix: string
}

const GAP = 3

export function tableText({ columnDefinitions, rows }: Table, options: TableOptions): string {
  const shown = columnDefinitions
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => options.isWide || column.priority === 0)
  const header = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...shown.map(({ column }) => column.name.toUpperCase()),
    ...(options.withLabels ? ['LABELS'] : []),
  ]
  const body = rows.map(({ cells, object: { metadata } }) => [
    ...(options.withNamespace ? [metadata.namespace ?? ''] : []),
    ...shown.map(({ column, index }) => (column.name === 'Name' ? options.prefix : '') + cellText(cells[index])),
    ...(options.withLabels ? [labelsText(metadata.labels)] : []),
  ])
  const lines = options.withHeaders ? [header, ...body] : body
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + GAP)))
        .join(''),
    )
    .map((line) => `${line}\n`)
    .join('')
}

function cellText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

function labelsText(labels: KubeObject['metadata']['labels']): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return pairs.sort().join(',') || '<none>'
}

type Print = (objects: readonly KubeObject[], isList: boolean, resourceOf: (object: KubeObject) => Resource) => string

const outputs: Readonly<Record<string, Print>> = {
  yaml: (objects, isList) => yamlText(plain(objects, isList)),
  json: (objects, isList) => `${JSON.stringify(sorted(plain(objects, isList)), undefined, 4)}\n`,
  name: (objects, _isList, resourceOf) =>
    objects.map((object) => `${shownName(resourceOf(object))}/${object.metadata.name}\n`).join(''),
}

/** What `-o` asks for; undefined where it asks for a table. @throws where this kubectl cannot print it */
export function outputOf(format: string | undefined): Print | undefined {
  if (format === undefined || format === 'wide') return undefined
  const print = outputs[format]
  if (print) return print
  const template = /^jsonpath=(?<template>.*)$/s.exec(format)?.groups?.template
  if (template === undefined)
    throw new Error(
      `the sandbox's kubectl prints -o ${Object.keys(outputs).join(', ')}, wide, jsonpath=...; for "${format}" take the real one`,
    )
  return (objects, isList) => fillTemplate(template, plain(objects, isList))
}

/** One object, or a list as kubectl makes one; field owners are left out. */
function plain(objects: readonly KubeObject[], isList: boolean): unknown {
  const items = objects.map(({ metadata: { managedFields: _, ...metadata }, ...object }) => ({ ...object, metadata }))
  return isList ? { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } } : items[0]
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]))
}

/** JSON with its keys in order, as Go writes it. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}
