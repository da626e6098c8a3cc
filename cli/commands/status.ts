import { printResult, withInstallation } from '@/cli/installation'
import { migrationState } from '@/lib/platform/db/migrate/migrate'
import { settings } from '@/lib/platform/env'
import type { Command } from 'commander'

export function register(program: Command): void {
  program.command('status').description('Show how the installation stands, as JSON').action(showStatus)
}

async function showStatus(): Promise<void> {
  await withInstallation(async ({ ownerUrl, installation }) => {
    const { pending, edited } = await migrationState(ownerUrl)
    printResult({
      origin: settings.publicOrigin,
      dataDirectory: settings.dataDirectory,
      demonstration: installation.demonstration,
      empty: installation.empty,
      migrations: { pending, edited },
    })
  })
}
