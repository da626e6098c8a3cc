import { createTranslator } from 'use-intl/core'
import { printResult, withInstallation } from '@/cli/installation'
import messages from '@/lib/i18n/messages/en/oversight.json'
import type { Finding } from '@/lib/oversight/status/schema'
import { installationFindings } from '@/lib/oversight/status/service'
import { runningInstances } from '@/lib/platform/boot/instances'
import { migrationState } from '@/lib/platform/db/migrate/migrate'
import { settings } from '@/lib/platform/env'
import type { Command } from 'commander'

export function register(program: Command): void {
  program.command('status').description('Show how the installation stands, as JSON').action(showStatus)
}

async function showStatus(): Promise<void> {
  await withInstallation(async ({ ownerUrl, installation }) => {
    const { pending, edited } = await migrationState(ownerUrl)
    const instances = await runningInstances()
    const findings = await installationFindings()
    printResult({
      origin: instances[0]?.origin ?? settings.publicOrigin,
      instances,
      dataDirectory: settings.dataDirectory,
      demonstration: installation.demonstration,
      empty: installation.empty,
      migrations: { pending, edited },
      parts: Object.fromEntries(
        findings.map(({ part, ...found }) => [part, { ...found, text: inWords({ part, ...found }) }]),
      ),
    })
  })
}

/** A finding in the words of the administrator's page. */
function inWords({ part, says, values }: Finding): string {
  const words = createTranslator({ locale: 'en', messages: { status: messages.status } })
  return words(`status.${part}.${says}` as never, values as never)
}
