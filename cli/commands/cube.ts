import { printResult, tell, withInstallation } from '@/cli/installation'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import { checkCubes, freezeNextCube } from '@/lib/reporting/cube/service'
import type { Command } from 'commander'

export function register(program: Command): void {
  const cube = program.command('cube').description('The frozen figures that leave an agency')
  cube.command('freeze').description('Freeze the periods that are over, and say how many').action(freeze)
  cube
    .command('check')
    .description('Recompute the frozen periods from their extracts; fails where they differ')
    .action(check)
}

async function freeze(): Promise<void> {
  await withInstallation(async () => {
    let frozen = 0
    while ((await freezeNextCube(tell)) > 0) frozen += 1
    printResult({ frozen })
  })
}

async function check(): Promise<void> {
  await withInstallation(async () => {
    const differences = await checkCubes(tell)
    printResult({ differences })
    if (differences.length > 0)
      throw new PlainSentence(
        `${String(differences.length)} frozen figures are not what was frozen; report this with the list.`,
      )
  })
}
