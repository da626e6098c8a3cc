import { createReadStream } from 'node:fs'
import { access, constants } from 'node:fs/promises'

import { printResult } from '@/cli/installation'
import { inWordsDisparity, inWordsWaiting } from '@/cli/stats-report'
import { disparityOfFile, survivalOfFile } from '@/lib/oversight/statistics/operator-service'
import { BadTable } from '@/lib/oversight/statistics/table-file'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Command } from 'commander'

type Shared = { readonly csv: string; readonly group: string; readonly strata?: string; readonly json?: true }
type DisparityFlags = Shared & { readonly outcome: string; readonly reference?: string }
type SurvivalFlags = Shared & { readonly time: string; readonly event: string }

export function register(program: Command): void {
  const stats = program
    .command('stats')
    .description('The statistics of oversight on any file, so that others can check them; needs no database')
  shared(stats.command('disparity'))
    .description('How an outcome differs between groups, crude and within strata')
    .requiredOption('--outcome <column>', 'the column that says 0 or 1, or true or false')
    .option('--reference <value>', 'the group to compare with; without it the largest')
    .action(printDisparity)
  shared(stats.command('survival'))
    .description('How long groups wait, those still waiting included')
    .requiredOption('--time <column>', 'the column with how long each was seen')
    .requiredOption('--event <column>', 'the column that says whether it came: 0 or 1, or true or false')
    .action(printSurvival)
}

function shared(command: Command): Command {
  return command
    .requiredOption('--csv <file>', 'the file; its first row names the columns')
    .requiredOption('--group <column>', 'the column of the groups')
    .option('--strata <columns>', 'columns to compare within, with commas between')
    .option('--json', 'print the result as JSON')
}

async function printDisparity({ csv, outcome, group, reference, strata, json }: DisparityFlags): Promise<void> {
  const wish = { outcome, group, strata: namesIn(strata), ...(reference === undefined ? {} : { reference }) }
  const found = await onFile(csv, (file) => disparityOfFile(file, wish))
  printResult(json === true ? found : inWordsDisparity(found))
}

async function printSurvival({ csv, time, event, group, strata, json }: SurvivalFlags): Promise<void> {
  const columns = { time, event, group, strata: namesIn(strata) }
  const found = await onFile(csv, (file) => survivalOfFile(file, columns))
  printResult(json === true ? found : inWordsWaiting(found))
}

function namesIn(list: string | undefined): string[] {
  return (list ?? '').split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

async function onFile<T>(path: string, read: (file: ReturnType<typeof createReadStream>) => Promise<T>): Promise<T> {
  await access(path, constants.R_OK).catch(() => {
    throw new PlainSentence(`The file ${path} can not be read; correct its name, or let this user read it.`)
  })
  try {
    return await read(createReadStream(path))
  } catch (error) {
    if (error instanceof BadTable) throw new PlainSentence(error.message)
    throw error
  }
}
