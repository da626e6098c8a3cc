/** A backup has two files: the records, and apart from them the wrapped keys, which are kept for days only. */
export type BackupPart = 'data' | 'keys'

/** Why a run failed, as a code; the texts are in `backups.problem`. */
export const BACKUP_PROBLEMS = [
  'interrupted',
  'no_key',
  'not_writable',
  'disk_full',
  'not_verified',
  'partial_sight',
  'database',
  'not_restorable',
  'unknown',
] as const
export type BackupProblem = (typeof BACKUP_PROBLEMS)[number]

export type BackupRunKind = 'backup' | 'rehearsal'
export type BackupRunState = 'requested' | 'running' | 'done' | 'failed'

/** One run as the administrator's page shows it. */
export type BackupRunView = {
  readonly kind: BackupRunKind
  readonly state: BackupRunState
  readonly origin: 'schedule' | 'member' | 'operator'
  readonly at: Date
  readonly seconds: number | null
  readonly percent: number
  /** The moment that the backup shows. */
  readonly takenAt: Date | null
  readonly file: string | null
  readonly bytes: number | null
  readonly rows: number | null
  readonly problem: BackupProblem | null
}

export type BackupSchedule = {
  readonly hour: number | 'off'
  readonly directory: string
  readonly keep: { readonly daily: number; readonly weekly: number; readonly monthly: number; readonly keyDays: number }
}

/** What the schedule decides by. */
export type BackupState = {
  readonly requested: boolean
  readonly madeAt: Date | null
  readonly failedAt: Date | null
}

export type BackupsView = {
  readonly runs: readonly BackupRunView[]
  readonly lastBackup: BackupRunView | null
  readonly lastRehearsal: BackupRunView | null
  readonly isLate: boolean
  /** Whether there is a public key to encrypt to; without one no backup is made. */
  readonly hasKey: boolean
  readonly isWaiting: boolean
  readonly schedule: BackupSchedule
}
