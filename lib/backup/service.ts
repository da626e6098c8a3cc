import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { settings } from '@/lib/platform/env'
import { newId } from '@/lib/platform/ids'
import type { Job } from '@/lib/platform/jobs/loop'
import { log } from '@/lib/platform/log'
import { ok, refuse, type Result } from '@/lib/platform/result'

import {
  asOwner,
  asWorker,
  beginRun,
  endRun,
  findLastGood,
  insertRequest,
  keepRunAlive,
  listRuns,
  readState,
  type RunCaller,
} from './data'
import { backupRecipients } from './keys'
import { mayRunBackups } from './policy'
import { backupProblemOf } from './problem'
import { rehearse, type RehearsalReport } from './rehearse'
import type { RestoreInput } from './restore'
import { isBackupDue, isBackupLate } from './rules'
import type { BackupSchedule, BackupsView } from './schema'
import { removeSurplus, writeBackup, type MadeBackup } from './write'

const SHOWN = 20

/** How backups and rehearsals went, and what the schedule is. Refuses with `forbidden`. */
export async function viewBackups(actor: Actor): Promise<Result<BackupsView>> {
  if (!mayRunBackups(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const runs = await listRuns(tx, SHOWN)
    const lastBackup = await findLastGood(tx, 'backup')
    const lastRehearsal = await findLastGood(tx, 'rehearsal')
    await record(tx, { type: 'backup.listed' })
    const schedule = backupSchedule()
    return ok({
      runs,
      lastBackup,
      lastRehearsal,
      // Backups go by the real clock, like sessions: the moved one of demonstration data makes none late.
      isLate: isBackupLate(lastBackup?.takenAt ?? null, schedule.hour, new Date()),
      hasKey: (await backupRecipients()).length > 0,
      isWaiting: runs.some(({ kind, state }) => kind === 'backup' && (state === 'requested' || state === 'running')),
      schedule,
    })
  })
}

/** Asks for a backup at once; the job makes it. Refuses with `conflict` while one is waiting or under way, or without a key. */
export async function requestBackup(actor: Actor): Promise<Result<undefined>> {
  if (!mayRunBackups(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    if ((await backupRecipients()).length === 0) return refuse('conflict', 'no_key')
    return (await insertRequest(tx, newId())) ? ok() : refuse('conflict', 'under_way')
  })
}

/** Makes the backup that is due, if one is, as the job of the process that serves the application. */
export async function runDueBackup(now = new Date()): Promise<number> {
  const { backupUrl } = settings
  if (backupUrl === undefined) return 0
  const state = await readState(asWorker)
  if (!isBackupDue(state, settings.backupHour, now)) return 0
  if ((await backupRecipients()).length === 0 && !state.requested) return 0
  const origin = state.requested ? 'member' : 'schedule'
  await makeBackup(asWorker, origin, { backupUrl }).catch((error: unknown) => {
    log.error({ err: error }, 'a backup failed')
  })
  return 0
}

/** Makes a backup at the operator's command. Null while another one goes on. */
export async function backUpNow(ownerUrl: string, backupUrl: string, directory?: string): Promise<MadeBackup | null> {
  return makeBackup(asOwner(ownerUrl), 'operator', { backupUrl, ...(directory === undefined ? {} : { directory }) })
}

/** Rehearses a restore and keeps how it went. `ownerUrl` is of the running installation, which is only told. */
export async function rehearseRestore(
  ownerUrl: string,
  input: Omit<RestoreInput, 'ownerUrl'>,
): Promise<RehearsalReport> {
  const call = asOwner(ownerUrl)
  const run = await beginRun(call, newId(), 'rehearsal', 'operator')
  try {
    const report = await rehearse(input)
    if (run !== null) await endRun(call, run, report)
    return report
  } catch (error) {
    if (run !== null) await endRun(call, run, { problem: 'not_restorable' })
    throw error
  }
}

/** What the settings say about backups. */
export function backupSchedule(): BackupSchedule {
  return { hour: settings.backupHour, directory: settings.backupDirectory, keep: settings.backupKeep }
}

/** The jobs of this part. It looks often, because someone may be waiting for a backup that they asked for. */
export const BACKUP_JOBS: readonly Job[] = [{ name: 'back-up', everySeconds: 5, run: () => runDueBackup() }]

type MakeOptions = { readonly backupUrl: string; readonly directory?: string }

async function makeBackup(
  call: RunCaller,
  origin: 'schedule' | 'member' | 'operator',
  { backupUrl, directory = settings.backupDirectory }: MakeOptions,
): Promise<MadeBackup | null> {
  const run = await beginRun(call, newId(), 'backup', origin)
  if (run === null) return null
  let percent = 0
  // Says that it goes on also while one large table takes minutes.
  const alive = setInterval(() => void keepRunAlive(call, run, percent).catch(() => undefined), 3000)
  try {
    const recipients = await backupRecipients()
    if (recipients.length === 0) {
      await endRun(call, run, { problem: 'no_key' })
      return null
    }
    const onProgress = (done: number): void => void (percent = done)
    const made = await writeBackup({ backupUrl, directory, recipients, onProgress })
    await removeSurplus(directory, settings.backupKeep, new Date())
    await endRun(call, run, made)
    return made
  } catch (error) {
    await endRun(call, run, { problem: backupProblemOf(error) })
    throw error
  } finally {
    clearInterval(alive)
  }
}
