import type { WorkerSql } from '@/lib/platform/db/worker'

import type { RollupDifference } from './schema'

/** Folds waiting changes into the figures; returns how many. None when another process is folding. */
export async function fold(sql: WorkerSql): Promise<number> {
  const [row] = await sql<{ folded: number }[]>`SELECT app.fold_rollups() AS folded`
  return row?.folded ?? 0
}

/** Where the figures differ from the records, at one moment. */
export async function listDifferences(sql: WorkerSql): Promise<RollupDifference[]> {
  return sql<RollupDifference[]>`
    SELECT agency_id AS agency, measure, paragraph, category, type, state, to_char(month, 'YYYY-MM') AS month, restricted,
      counted::int AS counted, shown::int AS shown
    FROM app.check_rollups() ORDER BY 1, 2, 3, 4, 5, 6, 7`
}

/** Deletes keys, sealed searches and kept forms whose time is over; returns how many. */
export async function sweep(sql: WorkerSql): Promise<number> {
  const [row] = await sql<{ swept: number }[]>`SELECT app.sweep_expired() AS swept`
  return row?.swept ?? 0
}
