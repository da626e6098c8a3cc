import { secondsIn } from '@/cli/input'
import { printResult, withInstallation } from '@/cli/installation'
import { moveClock } from '@/lib/agencies/operator-service'
import { runDueJobs } from '@/lib/jobs/registry'
import { closeQueue } from '@/lib/platform/db/queue'
import { closeWorker } from '@/lib/platform/db/worker'
import type { Command } from 'commander'

export function register(program: Command): void {
  const clock = program
    .command('clock')
    .description('The time that deadlines go by; in demonstration data it can be moved')
    .action(() => move(0))
  clock
    .command('advance')
    .description(
      'Move the clock forward by a length of time such as 25h or 3d, do what falls due, and print the new time',
    )
    .argument('<length>')
    .action((length: string) => move(secondsIn(length)))
}

async function move(seconds: number): Promise<void> {
  await withInstallation(async ({ ownerUrl }) => {
    const { now } = await moveClock(ownerUrl, seconds)
    try {
      if (seconds !== 0) await runDueJobs()
    } finally {
      await closeQueue()
      await closeWorker()
    }
    printResult(now)
  })
}
