import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

/** Tells of answers that fall due, and of answers and actions that are late; returns of how many. */
async function tellOfDueFindings(): Promise<number> {
  const rows = await workerSql()<{ told: number }[]>`SELECT app.tell_of_due_findings() AS told`
  return rows[0]?.told ?? 0
}

export const FINDING_JOBS: readonly Job[] = [
  { name: 'tell-of-due-findings', everySeconds: 300, run: tellOfDueFindings },
]
