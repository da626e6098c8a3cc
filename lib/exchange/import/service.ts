import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withBulkActor, type BulkSteps } from '@/lib/access/bulk-actor'
import { holds } from '@/lib/access/permissions'
import { todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { holdingKeys } from '@/lib/people/service'
import { keyedDigest } from '@/lib/platform/crypto/tokens'
import { newCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { HtcdsFileRefused, openHtcds, type HtcdsFile, type RowOutcome } from '../htcds/reader'
import { prepareBatch, storeBatch, type Candidate, type PreparedBatch, type Stored } from './batch'
import { countryOfAgency } from './data'
import { mapRow } from './map-row'
import type { ImportSetting } from './prepare'
import type { ImportOptions, ImportProgress, ImportSummary } from './schema'
import { Tally } from './tally'

const ROWS_A_BATCH = 500
/** Two, so that the database has work while this process seals the next rows. */
const WRITING_AT_ONCE = 2

/**
 * Imports a file with the field names of the Human Trafficking Case Data Standard as the actor: each good row becomes a
 * person of the actor's agency with one case, of which the actor is the team. Rows are written batch by batch, each in
 * a transaction of its own, so an import that was interrupted goes on where it stopped when it is run again, and
 * nothing is doubled: a row is known by its id or its content.
 *
 * Refuses with `forbidden` for roles without cases, and with `invalid` and a reason (`no_header`, `empty_file`, …) when
 * there is nothing in the file that could be imported. A bad row is reported and never stops the good ones.
 */
export async function importCases(
  actor: Actor,
  source: AsyncIterable<Uint8Array | string>,
  options: ImportOptions = {},
): Promise<Result<ImportSummary>> {
  const begun = performance.now()
  const prepared = await prepareImport(actor)
  if (!prepared.ok) return prepared
  const setting = prepared.value
  const file = await openFile(source, setting)
  if (!file.ok) return file

  const run = options.dryRun === true ? null : await recordRun(actor)
  const counts = await withBulkActor(actor, (steps) => importRows(file.value, setting, run, steps, options))
  return ok({
    ...counts,
    run,
    dryRun: run === null,
    unknownColumns: file.value.header.unknown,
    seconds: Math.round(performance.now() - begun) / 1000,
  })
}

type Setting = Omit<ImportSetting, 'at'>

async function prepareImport(actor: Actor): Promise<Result<Setting>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'import:run')) return refuse('forbidden')
    return ok({ actor, country: await countryOfAgency(tx), keys: await holdingKeys(tx), today: todayIn(tx) })
  })
}

async function openFile(
  source: AsyncIterable<Uint8Array | string>,
  { today, country }: Setting,
): Promise<Result<HtcdsFile>> {
  try {
    return ok(await openHtcds(source, { today, country }))
  } catch (error) {
    if (error instanceof HtcdsFileRefused) return refuse('invalid', error.reason)
    throw error
  }
}

/** Written before the first row, so that a run that is killed stands in the log too. */
async function recordRun(actor: Actor): Promise<string> {
  const run = newCode('IMP')
  await withActor(actor, async (tx) => {
    await record(tx, { type: 'import.run', subject: run, holderAgencyId: actor.agency })
    return ok(undefined)
  })
  return run
}

type Row = Extract<RowOutcome, { outcome: 'read' }>

/** Reads on and prepares the next rows while the database writes those before. */
async function importRows(
  file: HtcdsFile,
  setting: Setting,
  run: string | null,
  steps: BulkSteps,
  options: ImportOptions,
): Promise<ImportProgress> {
  const tally = new Tally(options)
  const { agency, member, unit } = setting.actor
  const writing: Promise<Stored>[] = []
  const settle = async (most: number) => {
    for (const oldest of writing.splice(0, Math.max(0, writing.length - most))) tally.addStored(await oldest)
  }
  const store = async (candidates: readonly Candidate[]) => {
    const prepared = await prepareBatch(steps, setting, candidates, run === null)
    await settle(WRITING_AT_ONCE - 1)
    const stored =
      run === null ? Promise.resolve(unwritten(prepared)) : storeBatch(steps, { agency, member, unit, run }, prepared)
    // A failure is met when it is settled, after the rows that are read meanwhile.
    stored.catch(() => undefined)
    writing.push(stored)
  }

  let candidates: Candidate[] = []
  for await (const outcome of file.rows) {
    tally.addRow(outcome)
    if (outcome.outcome !== 'read') continue
    const candidate = candidateOf(setting, outcome, tally)
    if (candidate === null) continue
    candidates.push(candidate)
    if (candidates.length < ROWS_A_BATCH) continue
    await store(candidates)
    candidates = []
  }
  await store(candidates)
  await settle(0)
  return tally.counts
}

function candidateOf(setting: Setting, { line, row, fingerprint }: Row, tally: Tally): Candidate | null {
  const mapped = mapRow(row, setting.today)
  if (!mapped.ok) {
    tally.refuse(line, mapped.issues)
    return null
  }
  const key = Uint8Array.from(keyedDigest(setting.keys.index, 'import', fingerprint))
  return { line, key, row, input: mapped.input }
}

function unwritten({ alreadyThere, fresh }: PreparedBatch): Stored {
  return { imported: fresh, alreadyThere, refused: [] }
}
