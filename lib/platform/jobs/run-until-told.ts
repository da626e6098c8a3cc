import 'server-only'

import { closeWorker } from '@/lib/platform/db/worker'

import { startJob, type Job } from './loop'

/** Runs jobs in this process until it is told to end; then each finishes what it is doing. The server ends the process. */
export function runUntilTold(jobs: readonly Job[]): void {
  const running = jobs.map(startJob)
  const stop = (): void => {
    void Promise.all(running.map((job) => job.stop())).then(closeWorker)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
