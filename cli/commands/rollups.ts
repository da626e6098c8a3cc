import { printResult, withInstallation } from '@/cli/installation'
import { closeWorker } from '@/lib/platform/db/worker'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { checkRollups, foldRollups } from '@/lib/reporting/rollups/service'
import type { Command } from 'commander'

export function register(program: Command): void {
  const rollups = program.command('rollups').description('The figures that pages show in place of counting records')
  rollups.command('fold').description('Fold the changes that wait, and say how many').action(fold)
  rollups.command('check').description('Compare the figures with the records; fails where they differ').action(check)
}

async function fold(): Promise<void> {
  await withWorker(async () => {
    let folded = 0
    for (let more = await foldRollups(); more > 0; more = await foldRollups()) folded += more
    printResult({ folded })
  })
}

async function check(): Promise<void> {
  await withWorker(async () => {
    const differences = await checkRollups()
    printResult({ differences })
    if (differences.length > 0)
      throw new PlainSentence(
        `${String(differences.length)} figures differ from the records; report this with the list.`,
      )
  })
}

async function withWorker(work: () => Promise<void>): Promise<void> {
  await withInstallation(async () => {
    try {
      await work()
    } finally {
      await closeWorker()
    }
  })
}
