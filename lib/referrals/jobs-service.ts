import 'server-only'
import { workerSql } from '@/lib/platform/db/worker'
import { MUCH, type Job } from '@/lib/platform/jobs/loop'

import { checkOwnFiles } from './own-file/jobs-service'

/**
 * Does what has fallen due of referrals: reminders at half-time, escalation, expiry, the end of what lost its basis, and
 * closing. When each falls due stands in its row, written by the transaction that moved it. Returns how many it looked at.
 */
export async function runReferralClock(): Promise<number> {
  const rows = await workerSql()<{ done: number }[]>`SELECT app.run_referral_clock(${MUCH}) AS done`
  return rows[0]?.done ?? 0
}

export const REFERRAL_JOBS: readonly Job[] = [
  { name: 'referral-clock', everySeconds: 20, run: runReferralClock },
  { name: 'own-files', everySeconds: 300, run: checkOwnFiles },
]
