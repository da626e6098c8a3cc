import 'server-only'
import { appClient, type Transaction } from '@/lib/platform/db/client'

/** How the installation stands, in numbers and times; of nobody. As app.installation_figures makes it. */
export type Figures = {
  readonly at: string
  readonly demonstration: boolean
  readonly migrations: number
  readonly database: {
    readonly version: string
    readonly connections: number
    readonly mostConnections: number
    readonly bytes: number
  }
  readonly queue: {
    readonly waiting: number
    readonly overdue: number
    readonly active: number
    readonly failed: number
  }
  readonly jobs: readonly {
    readonly job: string
    readonly startedAt: string
    readonly succeededAt: string | null
    readonly error: string | null
  }[]
  readonly seal: {
    readonly size: number
    readonly waiting: number
    readonly waitingSince: string | null
    readonly fault: string | null
  }
  readonly backups: {
    readonly takenAt: string | null
    readonly rehearsedAt: string | null
    /** Why the last run failed; null when it went well. */
    readonly problem: string | null
  }
  /** How many agencies ask for a password only. */
  readonly factors: { readonly waived: number }
  readonly keys: {
    readonly masterVersions: readonly number[]
    readonly changing: number
    readonly oldest: string | null
  }
}

/** The installation's figures, as the application's own role, or in the transaction of whoever looks. */
export async function readFigures(db: Pick<Transaction, '$queryRaw'> = appClient()): Promise<Figures> {
  const [row] = await db.$queryRaw<{ figures: Figures }[]>`
    SELECT app.installation_figures() || jsonb_build_object('backups', app.backup_figures(), 'factors', app.factor_figures()) AS figures`
  if (row === undefined) throw new Error('The installation has no figures')
  return row.figures
}
