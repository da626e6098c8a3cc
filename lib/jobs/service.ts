import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listFailedJobs, listPeriodicJobs, listQueues, markDropped, markForRetry } from './data'
import type { JobsView, QueuedJobInput } from './schema'

/** How many failed jobs a page shows; more of them have one cause. */
const MOST_FAILED = 100

/** The queues, what failed in them, and the last turns of the periodic jobs. Refuses with `forbidden`. */
export async function viewJobs(actor: Actor): Promise<Result<JobsView>> {
  if (!holds(actor, 'job:administer')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const queues = await listQueues(tx)
    const failed = await listFailedJobs(tx, MOST_FAILED)
    const periodic = await listPeriodicJobs(tx)
    await record(tx, { type: 'job.listed' })
    return ok({ queues, failed, periodic })
  })
}

/** Lets a failed job be tried once more. Refuses with `forbidden`, and `conflict` one that has not failed. */
export async function retryJob(actor: Actor, input: QueuedJobInput): Promise<Result<undefined>> {
  if (!holds(actor, 'job:administer')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    if (!(await markForRetry(tx, input.queue, input.job))) return refuse('conflict', 'wrong_state')
    await record(tx, { type: 'job.retried', basis: `${input.queue} ${input.job}` })
    return ok()
  })
}

/** Gives a failed job up for good. Refuses with `forbidden`, and `conflict` one that has not failed. */
export async function dropJob(actor: Actor, input: QueuedJobInput): Promise<Result<undefined>> {
  if (!holds(actor, 'job:administer')) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    if (!(await markDropped(tx, input.queue, input.job))) return refuse('conflict', 'wrong_state')
    await record(tx, { type: 'job.dropped', basis: `${input.queue} ${input.job}` })
    return ok()
  })
}
