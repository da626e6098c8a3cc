import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

/** Looks at the rules whose last look is older than an hour; returns at how many months of rules it looked. */
export async function lookAtRules(stale = '1 hour'): Promise<number> {
  const rows = await workerSql()<{ looked: number }[]>`SELECT app.look_at_rules(${stale}::interval) AS looked`
  return rows[0]?.looked ?? 0
}

export const RULE_JOBS: readonly Job[] = [{ name: 'look-at-rules', everySeconds: 120, run: () => lookAtRules() }]
