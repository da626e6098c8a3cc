import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'
import type { StoredTable } from '@/lib/reporting/cube/schema'

import { groupsThatBreak } from './rules'

/**
 * Looks at the rules of single cases whose last look is older than an hour, and at those of groups in frozen periods that
 * they were not held to yet; returns at how many months or periods of rules it looked.
 */
export async function lookAtRules(stale = '1 hour'): Promise<number> {
  const rows = await workerSql()<{ looked: number }[]>`SELECT app.look_at_rules(${stale}::interval) AS looked`
  return (rows[0]?.looked ?? 0) + (await lookAtNextPeriod())
}

type DueRule = {
  readonly network: string
  readonly rule: string
  readonly month: string
  readonly tables: readonly StoredTable[]
}

/** Holds one rule of groups to one frozen period. */
async function lookAtNextPeriod(): Promise<number> {
  const sql = workerSql()
  const [due] = await sql<DueRule[]>`
    SELECT network_id AS network, rule, month::text, tables FROM app.group_rule_due()`
  if (due === undefined) return 0
  const found = groupsThatBreak(due.rule, due.tables)
  const kept = found.map(({ group, ...rest }) => ({ ...rest, level: group }))
  await sql`
    SELECT app.keep_rule_groups(${due.network}, ${due.rule}, ${due.month}::date, ${JSON.stringify(kept)}::text::jsonb)`
  return 1
}

export const RULE_JOBS: readonly Job[] = [{ name: 'look-at-rules', everySeconds: 120, run: () => lookAtRules() }]
