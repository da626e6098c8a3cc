import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'

/** Tells the parties and the coordinator of agreements that end soon or have ended; returns of how many. */
export async function tellOfEndingAgreements(): Promise<number> {
  const rows = await workerSql()<{ told: number }[]>`SELECT app.tell_of_ending_agreements() AS told`
  return rows[0]?.told ?? 0
}

export const AGREEMENT_JOBS: readonly Job[] = [
  { name: 'agreement-ending', everySeconds: 600, run: tellOfEndingAgreements },
]
