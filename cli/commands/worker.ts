import { tell, withInstallation } from '@/cli/installation'
import { checkSealKey } from '@/lib/audit/seal/check-key'
import { allJobs } from '@/lib/jobs/registry'
import { startJobs } from '@/lib/platform/jobs/run-until-told'
import type { Command } from 'commander'

export function register(program: Command): void {
  program
    .command('worker')
    .description(
      'Run the background jobs in a process of their own, until it is told to end (with AMPARO_WORKER=apart)',
    )
    .action(work)
}

async function work(): Promise<void> {
  let end: () => void = () => undefined
  const told = new Promise<void>((resolve) => {
    end = resolve
  })
  await withInstallation(
    async ({ ownerUrl }) => {
      await checkSealKey(ownerUrl)
      const running = startJobs(allJobs())
      tell('Running the background jobs; Ctrl-C ends them')
      // What waits for a job alone would let Node end the process.
      const awake = setInterval(() => undefined, 60_000)
      await told
      clearInterval(awake)
      await running.stop()
    },
    { onSignal: end },
  )
}
