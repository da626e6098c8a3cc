/** Runs once in each server process, before it answers: lets the log speak for everybody and starts the background jobs. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] === 'nodejs' && process.env.NODE_ENV === 'production') {
    const { speakThroughLog } = await import('@/lib/platform/console-log')
    speakThroughLog()
  }
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { settings } = await import('@/lib/platform/env')
    // While the pages are built there is no database.
    if (!settings.runsJobs) return
    const { runUntilTold } = await import('@/lib/platform/jobs/run-until-told')
    const { allJobs } = await import('@/lib/jobs/registry')
    runUntilTold(allJobs())
  }
}
