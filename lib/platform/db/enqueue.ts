import 'server-only'
import type { Transaction } from '@/lib/platform/db/client'

type Enqueued = {
  /** A few ids, never data: whoever runs the job looks up the rest. */
  readonly payload: Readonly<Record<string, string | number | boolean>>
  /** Not before this moment of domain time. */
  readonly startAfter?: Date
  /** While a job of this name waits in the queue, no second one is made. */
  readonly singleton?: string
}

/**
 * Puts a job into a queue in this transaction: when it commits, the job is there, and when it doesn't, the job never
 * was. Answers the job's id, or null when one of the same `singleton` waits already.
 */
export async function enqueue(
  tx: Transaction,
  queue: string,
  { payload, startAfter, singleton }: Enqueued,
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string | null }[]>`
    SELECT app.enqueue(${queue}, ${JSON.stringify(payload)}::jsonb, ${startAfter ?? null}::timestamptz, ${singleton ?? null}) AS id`
  return rows[0]?.id ?? null
}
