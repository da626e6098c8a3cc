import { z } from 'zod'

/** One job of a queue. */
export const queuedJobInput = z.strictObject({
  queue: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/),
  job: z.uuid(),
})
export type QueuedJobInput = z.infer<typeof queuedJobInput>

export type QueueView = {
  readonly queue: string
  readonly waiting: number
  readonly working: number
  readonly failed: number
  /** Since when its oldest job could have been done; null when none waits. */
  readonly oldest: Date | null
}

export type FailedJobView = {
  readonly job: string
  readonly queue: string
  readonly since: Date
  readonly tries: number
  /** The kind of the error; never its words, which quote data. */
  readonly error: string
}

export type PeriodicJobView = {
  readonly job: string
  readonly startedAt: Date
  /** Null while the turn lasts, or when its process died. */
  readonly finishedAt: Date | null
  readonly succeededAt: Date | null
  readonly done: number | null
  readonly error: string | null
}

export type JobsView = {
  readonly queues: readonly QueueView[]
  readonly failed: readonly FailedJobView[]
  readonly periodic: readonly PeriodicJobView[]
}
