import 'server-only'

import { closeQueue } from '@/lib/platform/db/queue'
import { closeWorker } from '@/lib/platform/db/worker'

import { startJob, type Job, type RunningJob } from './loop'

/** Runs jobs in this process; `stop` resolves when each has finished what it was doing and the connections are closed. */
export function startJobs(jobs: readonly Job[]): RunningJob {
  const running = jobs.map(startJob)
  return {
    stop: async () => {
      await Promise.all(running.map((job) => job.stop()))
      await closeQueue()
      await closeWorker()
    },
  }
}

/** Runs jobs in this process until it is told to end. The server ends the process. */
export function runUntilTold(jobs: readonly Job[]): void {
  const { stop } = startJobs(jobs)
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}
