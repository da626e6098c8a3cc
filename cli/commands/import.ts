import { createReadStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'

import { printResult, tell, withInstallation } from '@/cli/installation'
import { ImportReport } from '@/cli/import-report'
import { withLentToken } from '@/lib/access/lent-token'
import type { ImportProgress, ImportSummary } from '@/lib/exchange/import/schema'
import { importCases } from '@/lib/exchange/import/service'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Result } from '@/lib/platform/result'
import type { Command } from 'commander'

type Options = {
  readonly user: string
  readonly dryRun?: true
  readonly report?: string
  readonly json?: true
}

export function register(program: Command): void {
  program
    .command('import')
    .description('Bring in records from files')
    .command('cases <file>')
    .description('Import people and cases from a CSV file with the field names of HTCDS 2.0, as a member')
    .requiredOption('--user <email>', 'the member who imports; their agency holds the records')
    .option('--dry-run', 'read and check everything, write nothing')
    .option('--report <file>', 'where to write what was refused or left out: CSV, or JSON lines for a name in .json')
    .option('--json', 'print the result as JSON')
    .action(runImport)
}

async function runImport(file: string, options: Options): Promise<void> {
  await access(file, constants.R_OK).catch(() => {
    throw new PlainSentence(`The file ${file} can not be read; correct its name, or let this user read it.`)
  })
  await withInstallation(async ({ ownerUrl }) => {
    const report = await ImportReport.open(options.report)
    try {
      const done = await withLentToken(ownerUrl, options.user, `Import of ${new Date().toISOString()}`, (actor) =>
        importCases(actor, createReadStream(file), {
          dryRun: options.dryRun === true,
          onProgress: progressTeller(),
          onReport: report.add,
        }),
      )
      if (done === null)
        throw new PlainSentence(`No active member has the address ${options.user}; see who is a member.`)
      const summary = imported(done.value, report)
      printResult(options.json === true ? summary : inWords(summary))
    } finally {
      await report.close()
    }
  })
}

function imported(result: Result<ImportSummary>, report: ImportReport): ImportSummary {
  if (result.ok) return result.value
  if (result.refusal === 'forbidden')
    throw new PlainSentence('This member may not import cases; name a caseworker or a supervisor.')
  throw new PlainSentence(`Nothing was imported: ${report.reasonText(result.reason ?? result.refusal)}.`)
}

/** Tells how far it has come, at most once a second. */
function progressTeller(): (progress: ImportProgress) => void {
  let told = performance.now()
  return ({ rows, imported: made, alreadyThere, refused }) => {
    if (performance.now() - told < 1000) return
    told = performance.now()
    tell(
      `${count(rows, 'row')}: ${String(made)} imported, ${String(alreadyThere)} already there, ${String(refused)} refused`,
    )
  }
}

function inWords(summary: ImportSummary): string {
  const { run, rows, imported: made, alreadyThere, repeated, refused, unknownColumns, seconds } = summary
  return [
    run === null ? 'Dry run: nothing was written.' : `Import ${run}`,
    `${count(rows, 'row')} in ${seconds.toFixed(1)} seconds`,
    `  ${String(made)} ${run === null ? 'would be imported' : 'imported'}`,
    `  ${String(alreadyThere)} already there from an earlier run`,
    `  ${String(repeated)} repeated in the file`,
    `  ${String(refused)} refused`,
    ...(unknownColumns.length === 0 ? [] : [`Columns that are no field of the standard: ${unknownColumns.join(', ')}`]),
  ].join('\n')
}

function count(n: number, what: string): string {
  return `${String(n)} ${what}${n === 1 ? '' : 's'}`
}
