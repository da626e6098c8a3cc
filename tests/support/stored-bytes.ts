import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

import type postgres from 'postgres'

/** The spellings in which a text may stand in a file: plain, wide, and as hex and Base64 dumps would print it. */
export function spellings(text: string): readonly Buffer[] {
  const plain = Buffer.from(text, 'utf8')
  return [
    plain,
    Buffer.from(text, 'utf16le'),
    Buffer.from(plain.toString('hex')),
    Buffer.from(plain.toString('base64').replace(/=+$/, '').slice(0, -1)),
  ]
}

/** Which of the texts stand in these bytes, in any spelling. */
export function textsIn(bytes: Buffer, texts: readonly string[]): string[] {
  return texts.filter((text) => spellings(text).some((spelling) => bytes.includes(spelling)))
}

/** Which of the texts stand in any file of a folder, with the file. */
export async function textsInFolder(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name)
    const file = await stat(path).catch(() => undefined)
    if (file?.isFile() !== true || file.size === 0) continue
    found.push(...(await textsInFile(path, texts)).map((text) => `${text} in ${path}`))
  }
  return found
}

/** A piece at a time, each with the end of the one before, so that no text hides on a seam. */
async function textsInFile(path: string, texts: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  let before = Buffer.alloc(0)
  for await (const piece of createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })) {
    const bytes = Buffer.concat([before, piece as Buffer])
    for (const text of textsIn(bytes, texts)) found.add(text)
    before = bytes.subarray(-512)
  }
  return [...found]
}

/** Every row of every table as text, each value as a dump writes it, for whoever may read all. */
export async function dumpOf(sql: postgres.Sql): Promise<{ readonly text: string; readonly tables: number }> {
  const tables = await sql<{ name: string }[]>`
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'app') AND c.relkind = 'r' ORDER BY 1`
  let text = ''
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ line: string }[]>(`SELECT t::text AS line FROM ${name} t`)
    text += rows.map(({ line }) => line).join('\n')
  }
  return { text, tables: tables.length }
}
