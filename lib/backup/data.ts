import 'server-only'
import type { ActorTx } from '@/lib/access/with-actor'
import { withConnection } from '@/lib/platform/db/owner'
import { workerSql } from '@/lib/platform/db/worker'

import type { BackupProblem, BackupRunKind, BackupRunView, BackupState } from './schema'

/** Calls the functions of runs, as the worker or, from the command line, as the owner. */
export type RunCaller = <Row extends object>(statement: string, values?: readonly string[]) => Promise<readonly Row[]>

export const asWorker: RunCaller = async <Row extends object>(statement: string, values: readonly string[] = []) =>
  (await workerSql().unsafe<Row[]>(statement, [...values])) as readonly Row[]

export function asOwner(ownerUrl: string): RunCaller {
  return async <Row extends object>(statement: string, values: readonly string[] = []) =>
    withConnection(ownerUrl, async (client) => (await client.query<Row>(statement, [...values])).rows)
}

export async function readState(call: RunCaller): Promise<BackupState> {
  const rows = await call<{ requested: boolean; made_at: Date | null; failed_at: Date | null }>(
    'SELECT requested, made_at, failed_at FROM app.backup_state()',
  )
  const [row] = rows
  return { requested: row?.requested ?? false, madeAt: row?.made_at ?? null, failedAt: row?.failed_at ?? null }
}

/** Begins a run and returns its id; null while another one goes on. */
export async function beginRun(
  call: RunCaller,
  id: string,
  kind: BackupRunKind,
  origin: BackupRunView['origin'],
): Promise<string | null> {
  const values = [id, kind, origin]
  const rows = await call<{ run: string | null }>('SELECT app.begin_backup_run($1::uuid, $2, $3) AS run', values)
  return rows[0]?.run ?? null
}

export async function keepRunAlive(call: RunCaller, run: string, percent: number): Promise<void> {
  await call('SELECT app.backup_run_goes_on($1::uuid, $2::int)', [run, String(percent)])
}

export type RunOutcome =
  | { readonly problem: BackupProblem }
  | { readonly takenAt: Date; readonly file: string; readonly bytes: number; readonly rows: number }

export async function endRun(call: RunCaller, run: string, outcome: RunOutcome): Promise<void> {
  await call('SELECT app.end_backup_run($1::uuid, $2::text::jsonb)', [run, JSON.stringify(outcome)])
}

const SELECT = {
  kind: true,
  state: true,
  origin: true,
  requestedAt: true,
  startedAt: true,
  finishedAt: true,
  percent: true,
  takenAt: true,
  file: true,
  bytes: true,
  rows: true,
  problem: true,
} as const

/** The newest runs of either kind. */
export async function listRuns(tx: ActorTx, most: number): Promise<BackupRunView[]> {
  const rows = await tx.backupRun.findMany({ orderBy: { requestedAt: 'desc' }, take: most, select: SELECT })
  return rows.map(viewOf)
}

/** The last run of a kind that ended well. */
export async function findLastGood(tx: ActorTx, kind: BackupRunKind): Promise<BackupRunView | null> {
  const where = { kind, state: 'done' }
  const row = await tx.backupRun.findFirst({ where, orderBy: { requestedAt: 'desc' }, select: SELECT })
  return row === null ? null : viewOf(row)
}

/** Asks for a backup; false when one is waiting or under way. */
export async function insertRequest(tx: ActorTx, id: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ asked: boolean }[]>`SELECT app.request_backup(${id}::uuid) AS asked`
  return rows[0]?.asked ?? false
}

type Row = {
  kind: string
  state: string
  origin: string
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  percent: number
  takenAt: Date | null
  file: string | null
  bytes: bigint | null
  rows: bigint | null
  problem: string | null
}

function viewOf(row: Row): BackupRunView {
  const { requestedAt, startedAt, finishedAt, bytes, rows } = row
  return {
    kind: row.kind as BackupRunKind,
    state: row.state as BackupRunView['state'],
    origin: row.origin as BackupRunView['origin'],
    at: finishedAt ?? startedAt ?? requestedAt,
    seconds: startedAt === null || finishedAt === null ? null : (finishedAt.getTime() - startedAt.getTime()) / 1000,
    percent: row.percent,
    takenAt: row.takenAt,
    file: row.file,
    bytes: bytes === null ? null : Number(bytes),
    rows: rows === null ? null : Number(rows),
    problem: row.problem as BackupProblem | null,
  }
}
