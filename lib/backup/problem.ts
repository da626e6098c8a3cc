import { NotAnArchive } from '@/lib/platform/backup/archive'
import { SealedFileUnreadable } from '@/lib/platform/backup/sealed-file'
import { PartialSight } from '@/lib/platform/db/backup/catalogue'

import type { BackupProblem } from './schema'
import { BackupNotVerified } from './write'

const BY_CODE: Readonly<Record<string, BackupProblem>> = {
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
  EACCES: 'not_writable',
  EPERM: 'not_writable',
  EROFS: 'not_writable',
  ENOENT: 'not_writable',
  ENOTDIR: 'not_writable',
  EEXIST: 'not_writable',
  ECONNREFUSED: 'database',
  ECONNRESET: 'database',
}

/** What kind of failure an error is, for the page that says how to mend it. */
export function backupProblemOf(error: unknown): BackupProblem {
  if (error instanceof BackupNotVerified || error instanceof NotAnArchive) return 'not_verified'
  if (error instanceof SealedFileUnreadable) return 'not_verified'
  if (error instanceof PartialSight) return 'partial_sight'
  const { code } = error as { readonly code?: unknown }
  if (typeof code !== 'string') return 'unknown'
  // PostgreSQL's own codes have five characters.
  return BY_CODE[code] ?? (/^[0-9A-Z]{5}$/.test(code) ? 'database' : 'unknown')
}
