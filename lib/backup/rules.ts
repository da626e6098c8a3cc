import type { BackupPart, BackupSchedule, BackupState } from './schema'

const NAME = /^amparo-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z\.(data|keys)\.age$/
const DAY = 86_400_000
const HOUR = 3_600_000

/** A backup's file name: when, and which of its two parts. It says nothing of what is inside. */
export function backupFileName(takenAt: Date, part: BackupPart): string {
  const stamp = takenAt
    .toISOString()
    .replace(/\.\d{3}Z$/, 'Z')
    .replaceAll(/[-:]/g, '')
  return `amparo-${stamp}.${part}.age`
}

export type BackupFile = { readonly name: string; readonly part: BackupPart; readonly takenAt: Date }

/** What a file name says; null for any other file. */
export function parseBackupName(name: string): BackupFile | null {
  const [, year, month, day, hour, minute, second, part] = NAME.exec(name) ?? []
  if (part === undefined) return null
  const takenAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(takenAt.getTime()) ? null : { name, part: part === 'keys' ? 'keys' : 'data', takenAt }
}

/**
 * Which files have served their time. Of the data, the newest of each of the last days, weeks and months that have one
 * stay. Keys stay for a few days only: as long as an old copy of the keys exists, an erased person could be brought
 * back. The newest of each kind always stays.
 */
export function surplusFiles(
  files: readonly BackupFile[],
  keep: BackupSchedule['keep'],
  now: Date,
): readonly BackupFile[] {
  const newestFirst = files.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime())
  const data = newestFirst.filter(({ part }) => part === 'data')
  const keys = newestFirst.filter(({ part }) => part === 'keys')
  const kept = new Set<BackupFile>([
    ...data.slice(0, 1),
    ...newestOfEach(data, keep.daily, dayOf),
    ...newestOfEach(data, keep.weekly, weekOf),
    ...newestOfEach(data, keep.monthly, ({ takenAt }) => takenAt.toISOString().slice(0, 7)),
    ...keys.slice(0, 1),
    ...keys.filter(({ takenAt }) => now.getTime() - takenAt.getTime() < keep.keyDays * DAY),
  ])
  return newestFirst.filter((file) => !kept.has(file))
}

/** When the schedule wanted a backup last; null when there is no schedule. */
export function lastScheduled(hour: BackupSchedule['hour'], now: Date): Date | null {
  if (hour === 'off') return null
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour)
  return new Date(today <= now.getTime() ? today : today - DAY)
}

/** Whether a backup is to be made now: asked for, or none since its hour; after a failure, again an hour later. */
export function isBackupDue(state: BackupState, hour: BackupSchedule['hour'], now: Date): boolean {
  if (state.requested) return true
  const wanted = lastScheduled(hour, now)
  if (wanted === null || (state.madeAt !== null && state.madeAt >= wanted)) return false
  return state.failedAt === null || now.getTime() - state.failedAt.getTime() >= HOUR
}

/** Whether the last good backup is older than the schedule allows, with an hour for making it. */
export function isBackupLate(madeAt: Date | null, hour: BackupSchedule['hour'], now: Date): boolean {
  const wanted = lastScheduled(hour, now)
  if (wanted === null) return madeAt === null
  if (madeAt === null) return true
  return madeAt < wanted && now.getTime() - wanted.getTime() > HOUR && now.getTime() - madeAt.getTime() > DAY
}

function newestOfEach(
  newestFirst: readonly BackupFile[],
  count: number,
  periodOf: (file: BackupFile) => string,
): BackupFile[] {
  const found = new Map<string, BackupFile>()
  for (const file of newestFirst) {
    const period = periodOf(file)
    if (!found.has(period)) found.set(period, file)
  }
  return [...found.values()].slice(0, count)
}

function dayOf({ takenAt }: BackupFile): string {
  return takenAt.toISOString().slice(0, 10)
}

/** Weeks that begin on Monday, named by that day. */
function weekOf({ takenAt }: BackupFile): string {
  const sinceMonday = (takenAt.getUTCDay() + 6) % 7
  return new Date(takenAt.getTime() - sinceMonday * DAY).toISOString().slice(0, 10)
}
