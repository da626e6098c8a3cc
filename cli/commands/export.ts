import { createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

import { printResult, tell, withInstallation } from '@/cli/installation'
import { prepareExportInput } from '@/lib/exchange/export/schema'
import { exportAsOperator } from '@/lib/exchange/export/service'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Command } from 'commander'

export function register(program: Command): void {
  program
    .command('export')
    .description('Take data out')
    .command('agency <key>')
    .description("Write one agency's data into an encrypted file; the passphrase is read from AMPARO_EXPORT_PASSPHRASE")
    .requiredOption('--to <file>', 'the file to write')
    .action(exportAgency)
}

async function exportAgency(key: string, { to }: { readonly to: string }): Promise<void> {
  const given = process.env['AMPARO_EXPORT_PASSPHRASE'] ?? ''
  const { success, data } = prepareExportInput.safeParse({ passphrase: given, again: given })
  if (!success) throw new PlainSentence('Set AMPARO_EXPORT_PASSPHRASE to at least 15 characters, and write it down.')
  await withInstallation(async ({ ownerUrl }) => {
    tell('Writing the export')
    const stream = await exportAsOperator(ownerUrl, key, data.passphrase)
    const file = resolve(to)
    const unfinished = `${file}.unfinished`
    await pipeline(Readable.fromWeb(stream as ReadableStream), createWriteStream(unfinished, { mode: 0o600 }))
    await rename(unfinished, file)
    printResult({ file })
  })
}
