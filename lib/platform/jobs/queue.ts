import 'server-only'

import { jobQueue, takeJob } from '@/lib/platform/db/queue'
import { log } from '@/lib/platform/log'
import { countTurn } from '@/lib/platform/watching/meters'

import { errorClassOf } from './error-class'
import { MUCH, type Job } from './loop'

/** Does the jobs of one queue. What is in a payload is checked by the handler: it may come from any transaction. */
export type QueueHandler = {
  readonly queue: string
  /** Throws when the job is to be tried again; after the queue's last try it waits for an administrator. */
  readonly handle: (payload: unknown) => Promise<void>
}

const LOOK_EVERY_SECONDS = 2

/** A queue as a job of the loop: one piece of work after the other, at once while there are some. */
export function fromQueue({ queue, handle }: QueueHandler): Job {
  return {
    name: `queue ${queue}`,
    everySeconds: LOOK_EVERY_SECONDS,
    run: async () => {
      const job = await takeJob(queue)
      if (job === null) return 0
      const boss = await jobQueue()
      try {
        await handle(job.data)
      } catch (error) {
        log.warn({ err: error, jobName: queue, jobId: job.id }, 'a job of the queue failed')
        countTurn(`queue ${queue}`, 'failed')
        await boss.fail(queue, job.id, { error: errorClassOf(error) })
        return MUCH
      }
      await boss.complete(queue, job.id)
      countTurn(`queue ${queue}`, 'done')
      return MUCH
    },
  }
}

/** What a queue needs beside its work: jobs whose process died come back, old ones go. */
export const QUEUE_JOBS: readonly Job[] = [
  {
    name: 'tend-queue',
    everySeconds: 30,
    run: async () => {
      await (await jobQueue()).maintain()
      return 0
    },
  },
]
