import type { ActorTx } from '@/lib/access/with-actor'

import type { FailedJobView, PeriodicJobView, QueueView } from './schema'

export function listQueues(tx: ActorTx): Promise<readonly QueueView[]> {
  return tx.$queryRaw<QueueView[]>`SELECT queue, waiting, working, failed, oldest FROM app.queue_overview()`
}

/** The last failed jobs of all queues. */
export function listFailedJobs(tx: ActorTx, atMost: number): Promise<readonly FailedJobView[]> {
  return tx.$queryRaw<FailedJobView[]>`SELECT job, queue, since, tries, error FROM app.failed_jobs(${atMost}::int)`
}

export function listPeriodicJobs(tx: ActorTx): Promise<readonly PeriodicJobView[]> {
  return tx.$queryRaw<PeriodicJobView[]>`
    SELECT job, started_at AS "startedAt", finished_at AS "finishedAt", succeeded_at AS "succeededAt", done, error
    FROM app.periodic_jobs()`
}

/** Gives a failed job one more try; false when there is none of that id. */
export async function markForRetry(tx: ActorTx, queue: string, job: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`SELECT app.retry_job(${queue}, ${job}::uuid) AS done`
  return rows[0]?.done === true
}

/** Gives a failed job up; false when there is none of that id. */
export async function markDropped(tx: ActorTx, queue: string, job: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`SELECT app.drop_job(${queue}, ${job}::uuid) AS done`
  return rows[0]?.done === true
}
