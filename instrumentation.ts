/** Runs once in each server process, before it answers: lets the log speak for everybody and starts the background jobs. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] === 'nodejs' && process.env.NODE_ENV === 'production') {
    const { speakThroughLog } = await import('@/lib/platform/console-log')
    speakThroughLog()
  }
  // While the pages are built there is no database.
  if (process.env['NEXT_RUNTIME'] === 'nodejs' && process.env['DATABASE_WORKER_URL'] !== undefined) {
    const { runUntilTold } = await import('@/lib/platform/jobs/run-until-told')
    const { ROLLUP_JOBS } = await import('@/lib/reporting/rollups/service')
    runUntilTold(ROLLUP_JOBS)
  }
}
