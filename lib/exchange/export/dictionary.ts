import { readSchema } from '@/lib/platform/db/migrate/files'

import { LEFT_OUT_BYTES, OPENED_COLUMNS, reasonLeftOut } from './rules'

export type CatalogueColumn = { readonly table: string; readonly column: string; readonly type: string }

export type DictionaryColumn = {
  readonly name: string
  readonly type: string
  readonly about?: string
  readonly leftOut?: string
}
export type DictionaryTable = {
  readonly table: string
  readonly about?: string
  /** Why the table is not in the export; without it, its rows are in the file of this name. */
  readonly leftOut?: string
  readonly file?: string
  readonly columns: readonly DictionaryColumn[]
}

/** Every table of agencies with its columns: what each is, and why something is left out. */
export async function dictionaryOf(columns: readonly CatalogueColumn[]): Promise<readonly DictionaryTable[]> {
  const about = await readComments()
  const tables = [...new Set(columns.map(({ table }) => table))]
  return tables.map((table) => {
    const leftOut = reasonLeftOut(table)
    const described = columns.filter((column) => column.table === table).map((column) => describe(column, about))
    const words = about.get(table)
    return {
      table,
      ...(words === undefined ? {} : { about: words }),
      ...(leftOut === undefined ? { file: `${table}.jsonl` } : { leftOut }),
      columns: described,
    }
  })
}

function describe({ table, column, type }: CatalogueColumn, about: ReadonlyMap<string, string>): DictionaryColumn {
  const words = about.get(`${table}.${column}`)
  const isOpened = OPENED_COLUMNS[`${table}.${column}`] !== undefined
  return {
    name: column,
    type: isOpened ? 'text, opened' : type,
    ...(words === undefined ? {} : { about: words }),
    ...(type === 'bytea' && !isOpened ? { leftOut: LEFT_OUT_BYTES } : {}),
  }
}

/** What the schema says of tables and columns, by `table` and `table.column`. */
async function readComments(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { content } of await readSchema())
    for (const [, before = '', body = ''] of content.matchAll(/((?:^\/\/\/[^\n]*\n)*)^model \w+ \{\n([^]*?)^\}/gm)) {
      const table = /@@map\("(\w+)"\)/.exec(body)?.[1]
      if (table === undefined) continue
      if (before !== '') found.set(table, wordsOf(before))
      for (const [, comment = '', name = '', rest = ''] of body.matchAll(/((?:^ +\/\/\/[^\n]*\n)+) +(\w+)([^\n]*)/gm))
        found.set(`${table}.${/@map\("(\w+)"\)/.exec(rest)?.[1] ?? name}`, wordsOf(comment))
    }
  return found
}

function wordsOf(comment: string): string {
  return comment
    .replaceAll(/^ *\/\/\/ ?/gm, '')
    .trim()
    .replaceAll('\n', ' ')
}
