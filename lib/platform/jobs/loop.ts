import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'

import { log } from '@/lib/platform/log'

export type Job = {
  readonly name: string
  readonly everySeconds: number
  /** Does what is due and returns how much that was; when it was much, the job runs again at once. */
  readonly run: () => Promise<number>
  /** Whether this process has what the job needs; where it says no, turns are left to others. */
  readonly isForHere?: () => boolean
}

/** A running job: `stop` resolves when what it was doing is done. */
export type RunningJob = { readonly stop: () => Promise<void> }

/** From this many pieces of work on, there is likely more: the next turn does not wait. */
export const MUCH = 10_000

/** After failures, at most this long between two tries. */
const LONGEST_PAUSE_SECONDS = 60

/**
 * Runs a job in this process, one turn after the other, until it is stopped. A failed turn is logged and tried again,
 * with growing pauses: the work waits in the database, so nothing is lost.
 */
export function startJob(job: Job): RunningJob {
  const ending = new AbortController()
  const running = turns(job, ending.signal)
  return {
    stop: async () => {
      ending.abort()
      await running
    },
  }
}

async function turns(job: Job, ending: AbortSignal): Promise<void> {
  let failures = 0
  while (!ending.aborted) {
    let done = 0
    try {
      done = await job.run()
      failures = 0
    } catch (error) {
      failures += 1
      // The first failure tells; a server that stays away would fill the log.
      if (failures === 1) log.warn({ err: error, jobName: job.name }, 'a background job failed and will try again')
    }
    if (done >= MUCH) continue
    const seconds = Math.min(
      job.everySeconds * 2 ** Math.min(failures, 10),
      Math.max(LONGEST_PAUSE_SECONDS, job.everySeconds),
    )
    await sleep(seconds * 1000, undefined, { signal: ending, ref: false }).catch(() => undefined)
  }
}
