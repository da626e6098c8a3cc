import { DATE_MARKS, FLAG_MARK, INTENT_FIELD, KEY_FIELD, MANY_MARK, SECRET_MARK, TEXT_PREFIX } from './field-names'
import { composeDate, type DateParts } from './form-dates'
import type { FormValues } from './form-state'

export type TypedText = { readonly lookup: string; readonly field: string; readonly text: string }

/** A posted form, read: what the schema parses, and what the form itself needs to come back as it was. */
export type ReadForm = {
  readonly key: string
  readonly intent: string | null
  /** All that was typed, but for secrets, by field name; goes back into the fields. */
  readonly values: FormValues
  readonly texts: readonly TypedText[]
}

export type FormInput = {
  readonly input: Record<string, unknown>
  /** Message keys by field, for what was wrong before the schema had a look: dates that are none. */
  readonly errors: Readonly<Record<string, string>>
  /** The name of the field on the screen for a path of the input: rows left empty shift the numbers. */
  readonly fieldOf: (path: string) => string
}

const LARGEST_INDEX = 200
const FORBIDDEN_SEGMENTS = new Set(['__proto__', 'constructor', 'prototype'])

/** Reads a posted form. Files are left out: they have a path of their own. React's own `$ACTION` fields are not ours. */
export function readForm(data: FormData): ReadForm {
  const values: Record<string, string[]> = {}
  const texts: TypedText[] = []
  const secrets = new Set(
    [...data.keys()].filter((name) => name.endsWith(SECRET_MARK)).map((name) => name.slice(0, -SECRET_MARK.length)),
  )
  for (const [name, value] of data.entries()) {
    if (typeof value !== 'string' || name.startsWith('$ACTION') || /^\d+_\$ACTION/.test(name)) continue
    if (name.startsWith(TEXT_PREFIX)) {
      const [lookup = '', field = ''] = name.slice(TEXT_PREFIX.length).split(':')
      texts.push({ lookup, field, text: value.trim() })
    } else if (!name.startsWith('_') && !secrets.has(name)) {
      // A field may be called like something that every object has: `constructor`, `toString`.
      values[name] = Object.hasOwn(values, name) ? [...(values[name] ?? []), value] : [value]
    }
  }
  return { key: textOf(data, KEY_FIELD) ?? '', intent: textOf(data, INTENT_FIELD), values, texts }
}

/** The secrets of a posted form, which `readForm` leaves out of what goes back to the screen. */
export function readSecrets(data: FormData): FormValues {
  const secrets: Record<string, string[]> = {}
  for (const mark of data.keys()) {
    if (!mark.endsWith(SECRET_MARK)) continue
    const name = mark.slice(0, -SECRET_MARK.length)
    const value = textOf(data, name)
    if (value !== null) secrets[name] = [value]
  }
  return secrets
}

/**
 * The nested object that a schema parses. Empty text counts as nothing typed; a list is a list even with one value;
 * rows of a repeated group in which nothing was typed fall away.
 */
export function toInput(values: FormValues, monthNames: readonly string[] = []): FormInput {
  const { flat, errors } = flatten(values, monthNames)
  const tree: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(flat)) place(tree, name.split('.'), value)
  const renames = new Map<string, string>()
  const input = compact(tree, '', '', renames) as Record<string, unknown>
  return { input, errors, fieldOf: (path) => originalName(path, renames) }
}

function flatten(values: FormValues, monthNames: readonly string[]) {
  const flat: Record<string, unknown> = {}
  const errors: Record<string, string> = {}
  const dates = new Map<string, DateParts>()
  for (const [name, posted] of Object.entries(values)) {
    const typed = posted.map(normalise).filter((text) => text !== '')
    const [base = '', mark] = name.split(':')
    if (mark === undefined) {
      if (`${name}${MANY_MARK}` in values) flat[name] = typed
      else if (`${name}${FLAG_MARK}` in values) flat[name] = typed.length > 0
      else flat[name] = typed.length > 1 ? typed : typed[0]
    } else if (`:${mark}` === MANY_MARK) flat[base] ??= []
    else if (`:${mark}` === FLAG_MARK) flat[base] ??= false
    else if (isDateMark(mark))
      dates.set(base, { ...dates.get(base), ...(typed[0] === undefined ? {} : { [mark]: typed[0] }) })
  }
  for (const [name, parts] of dates) {
    const { value, error } = composeDate(parts, monthNames)
    flat[name] = value
    if (error !== undefined) errors[name] = error
  }
  return { flat, errors }
}

function isDateMark(mark: string): mark is (typeof DATE_MARKS)[number] {
  return DATE_MARKS.some((known) => known === mark)
}

/** Line ends as the database stores them, and composed letters, so that one text has one spelling. It takes no NUL. */
function normalise(text: string): string {
  return text.replaceAll('\0', '').replaceAll('\r\n', '\n').normalize('NFC').trim()
}

function place(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  if (path.some((segment) => FORBIDDEN_SEGMENTS.has(segment) || segment === '')) return
  let here: Record<string, unknown> = tree
  for (const segment of path.slice(0, -1)) {
    if (/^\d+$/.test(segment) && Number(segment) > LARGEST_INDEX) return
    const next = Object.hasOwn(here, segment) ? here[segment] : undefined
    const branch =
      typeof next === 'object' && next !== null && !Array.isArray(next) ? (next as Record<string, unknown>) : {}
    here[segment] = branch
    here = branch
  }
  const last = path[path.length - 1]
  if (last !== undefined && value !== undefined) here[last] = value
}

/** Numbered branches become lists without gaps, and each row's old number is remembered for its errors. */
function compact(node: unknown, path: string, was: string, renames: Map<string, string>): unknown {
  renames.set(path, was)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return node
  const entries = Object.entries(node)
  const join = (parent: string, segment: string) => (parent === '' ? segment : `${parent}.${segment}`)
  const isList = entries.length > 0 && entries.every(([segment]) => /^\d+$/.test(segment))
  if (!isList) {
    return Object.fromEntries(
      entries.map(([segment, child]) => [segment, compact(child, join(path, segment), join(was, segment), renames)]),
    )
  }
  return entries
    .sort(([a], [b]) => Number(a) - Number(b))
    .filter(([, child]) => !isBlank(child))
    .map(([segment, child], index) => compact(child, join(path, String(index)), join(was, segment), renames))
}

/** Nothing typed in it: only emptiness and unticked boxes. */
function isBlank(node: unknown): boolean {
  if (node === undefined || node === false) return true
  if (Array.isArray(node)) return node.length === 0
  return typeof node === 'object' && node !== null && Object.values(node).every(isBlank)
}

function originalName(path: string, renames: ReadonlyMap<string, string>): string {
  const segments = path.split('.')
  for (let length = segments.length; length > 0; length -= 1) {
    const known = renames.get(segments.slice(0, length).join('.'))
    if (known !== undefined) return [known, ...segments.slice(length)].join('.')
  }
  return path
}

/** The values after a row of a repeated group was taken away: later rows move up. */
export function withoutRow(values: FormValues, group: string, index: number): FormValues {
  const start = `${group}.`
  const kept: Record<string, readonly string[]> = {}
  for (const [name, value] of Object.entries(values)) {
    const match = name.startsWith(start) ? /^(\d+)(.*)$/s.exec(name.slice(start.length)) : null
    if (match === null) kept[name] = value
    else {
      const row = Number(match[1])
      if (row !== index) kept[`${start}${String(row > index ? row - 1 : row)}${match[2] ?? ''}`] = value
    }
  }
  return kept
}

/** How many rows of a repeated group the values hold. */
export function rowsIn(values: FormValues, group: string): number {
  const rows = Object.keys(values)
    .map((name) => (name.startsWith(`${group}.`) ? /^(\d+)/.exec(name.slice(group.length + 1))?.[1] : undefined))
    .filter((row) => row !== undefined)
  return rows.length === 0 ? 0 : Math.max(...rows.map(Number)) + 1
}

function textOf(data: FormData, name: string): string | null {
  const value = data.get(name)
  return typeof value === 'string' && value !== '' ? value : null
}
