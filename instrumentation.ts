/** Runs once in each server process, before it answers: starts the jobs, and ends them when the process is told to. */
export async function register(): Promise<void> {
  // While the pages are built there is no database.
  if (process.env['NEXT_RUNTIME'] !== 'nodejs' || process.env['DATABASE_WORKER_URL'] === undefined) return
  const { startJob } = await import('@/lib/platform/jobs/loop')
  const { closeWorker } = await import('@/lib/platform/db/worker')
  const { ROLLUP_JOBS } = await import('@/lib/reporting/rollups/service')

  const running = ROLLUP_JOBS.map(startJob)
  const stop = (): void => {
    void Promise.all(running.map((job) => job.stop())).then(closeWorker)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
