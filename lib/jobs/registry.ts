import 'server-only'

import { CHECK_JOBS } from '@/lib/audit/verify/check-service'
import { SEAL_JOBS } from '@/lib/audit/seal/service'
import { BACKUP_JOBS } from '@/lib/backup/service'
import { AGREEMENT_JOBS } from '@/lib/agencies/agreements/jobs-service'
import { REVIEW_JOBS } from '@/lib/agencies/review-jobs-service'
import { CONSENT_JOBS } from '@/lib/consent/service'
import { EMERGENCY_JOBS } from '@/lib/cases/emergency/jobs-service'
import { NOTICE_JOBS, NOTICE_QUEUES } from '@/lib/notifications/delivery-service'
import { RESET_QUEUES } from '@/lib/agencies/reset-mail-service'
import type { Job } from '@/lib/platform/jobs/loop'
import { fromQueue, QUEUE_JOBS, type QueueHandler } from '@/lib/platform/jobs/queue'
import { inTurns } from '@/lib/platform/jobs/turns'
import { FINDING_JOBS } from '@/lib/oversight/findings/jobs-service'
import { RULE_JOBS } from '@/lib/oversight/rules/jobs-service'
import { KEY_JOBS } from '@/lib/oversight/keys/rotate-service'
import { REFERRAL_JOBS } from '@/lib/referrals/jobs-service'
import { REFERRAL_QUEUES } from '@/lib/referrals/renew-service'
import { CUBE_JOBS } from '@/lib/reporting/cube/service'
import { ROLLUP_JOBS } from '@/lib/reporting/rollups/service'

// One line each, so that parts can be added side by side.
// prettier-ignore
/** The periodic jobs of all parts. A part exports its own from its service and is listed here. */
const PERIODIC: readonly Job[] = [
  ...QUEUE_JOBS,
  ...NOTICE_JOBS,
  ...SEAL_JOBS,
  ...CHECK_JOBS,
  ...ROLLUP_JOBS,
  ...EMERGENCY_JOBS,
  ...KEY_JOBS,
  ...BACKUP_JOBS,
  ...REVIEW_JOBS,
  ...AGREEMENT_JOBS,
  ...CONSENT_JOBS,
  ...REFERRAL_JOBS,
  ...CUBE_JOBS,
  ...RULE_JOBS,
  ...FINDING_JOBS,
]

/** The queues of all parts, likewise. A queue is a row that its part's migration adds to `pgboss.queue`. */
const QUEUES: readonly QueueHandler[] = [...NOTICE_QUEUES, ...RESET_QUEUES, ...REFERRAL_QUEUES]

/** Everything that runs in the background, in the application's process or in `amparo worker`. */
export function allJobs(): readonly Job[] {
  const periodic = PERIODIC.filter(({ isForHere }) => isForHere?.() ?? true)
  return [...periodic.map(inTurns), ...QUEUES.map(fromQueue)]
}

/**
 * What falls due by the time that the domain goes by, each before what follows from it: mail after what it tells of, the
 * seal after everything that writes to the log.
 */
// prettier-ignore
const BY_DOMAIN_TIME: readonly Job[] = [
  ...EMERGENCY_JOBS,
  ...REVIEW_JOBS,
  ...AGREEMENT_JOBS,
  ...CONSENT_JOBS,
  ...REFERRAL_JOBS,
  ...FINDING_JOBS,
  ...QUEUES.map(fromQueue),
  ...ROLLUP_JOBS,
  ...CUBE_JOBS,
  ...SEAL_JOBS,
]

/**
 * Does at once all that has fallen due, as after the clock of demonstration data was moved, so that whoever looks next
 * sees it done; each part's jobs may run beside themselves in another process.
 */
export async function runDueJobs(): Promise<void> {
  for (const { run, isForHere } of BY_DOMAIN_TIME) {
    if (isForHere?.() === false) continue
    // A turn takes some of a long list only; the work is over when a turn finds none.
    while ((await run()) > 0);
  }
}
