import 'server-only'
import { PassThrough, Readable } from 'node:stream'

import { ZipFile } from 'yazl'

import { encryptWithPassphrase } from '@/lib/platform/backup/sealed-file'
import { masterVersionOf } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { SteadyReader } from '@/lib/platform/db/steady-reader'

import { finishExport, listColumns, rowsOfTable } from './data'
import { dictionaryOf, type DictionaryTable } from './dictionary'
import { collectKeys, openRow, type WrappedKeys } from './open-rows'

const README = `This is everything that one agency wrote into Amparo, as of one moment.

dictionary.json says what each file and each column is, and what was left out and why.
Each other file is one table, a record a line, as JSON in UTF-8. Names, contacts and notes stand in it readable:
keep it encrypted, give it to nobody who must not read all of it, and delete it when it has served its purpose.
`

/**
 * The export of one agency as a stream: a zip in an age file that a passphrase opens. The rows are read as of one
 * moment, opened and encrypted as they pass; nothing is kept, on this computer's disk least of all.
 */
export async function writeExport(
  url: string,
  ticket: string,
  passphrase: string,
): Promise<ReadableStream<Uint8Array>> {
  const reader = await SteadyReader.open(url)
  try {
    const columns = await listColumns(reader)
    const dictionary = await dictionaryOf(columns)
    const rowsOf = (table: string) => rowsOfTable(reader, ticket, table)
    const keys = await collectKeys(rowsOf, (wrapped) => masterKeys(masterVersionOf(wrapped)))
    const counted = { rows: 0 }
    const zip = new ZipFile()
    const out = new PassThrough()
    zip.on('error', (error: Error) => out.destroy(error))
    zip.addBuffer(Buffer.from(README), 'README.txt')
    zip.addBuffer(Buffer.from(`${JSON.stringify(dictionary, null, 2)}\n`), 'dictionary.json')
    const files = dictionary.filter(({ file }) => file !== undefined)
    for (const table of files)
      zip.addReadStreamLazy(`${table.table}.jsonl`, (take) => {
        const byteColumns = columns.filter((one) => one.table === table.table && one.type === 'bytea')
        const names = byteColumns.map(({ column }) => column)
        const lines = Readable.from(linesOf({ keys, table, names, rowsOf, counted }))
        // The archive looks after no stream that it asks for late; unheard, a fault would leave the reader waiting.
        lines.once('error', (error) => out.destroy(error))
        take(null, lines)
      })
    zip.end()
    zip.outputStream.pipe(out)
    out.once('close', () => void endExport(reader, ticket, out.readableEnded ? counted.rows : null))
    return await encryptWithPassphrase(passphrase, out)
  } catch (error) {
    await reader.close()
    throw error
  }
}

/** Says on the log that it was fetched to its end; one that broke off has only begun. */
async function endExport(reader: SteadyReader, ticket: string, rows: number | null): Promise<void> {
  if (rows !== null) await finishExport(reader, ticket, rows).catch(() => undefined)
  await reader.close()
}

type LinesOf = {
  readonly keys: WrappedKeys
  readonly table: DictionaryTable
  readonly names: readonly string[]
  readonly rowsOf: (table: string) => AsyncIterable<Readonly<Record<string, unknown>>>
  readonly counted: { rows: number }
}

async function* linesOf({ keys, table, names, rowsOf, counted }: LinesOf): AsyncGenerator<Buffer> {
  for await (const row of rowsOf(table.table)) {
    counted.rows += 1
    yield Buffer.from(`${JSON.stringify(openRow(keys, table.table, row, names))}\n`)
  }
}
