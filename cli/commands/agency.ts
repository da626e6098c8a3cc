import { checkedOptions } from '@/cli/input'
import { printResult, withInstallation } from '@/cli/installation'
import { operatorAgencyInput } from '@/lib/agencies/operator-schema'
import { makeAgency } from '@/lib/agencies/operator-service'
import { invitationLink } from '@/lib/auth/invitation-link'
import type { Command } from 'commander'

export function register(program: Command): void {
  const agency = program.command('agency').description('Agencies')
  agency
    .command('create')
    .description('Make an agency with its keys and first administrator, and print the link at which they join')
    .requiredOption('--key <key>', 'its short name in addresses, such as harbour; fixed for good')
    .requiredOption('--name <name>', 'its name')
    .requiredOption('--kind <kind>', 'ngo, government, intergovernmental or oversight')
    .requiredOption('--admin-email <address>', 'the first administrator’s e-mail address')
    .requiredOption('--admin-name <name>', 'the first administrator’s name')
    .option('--country <code>', 'its country, by two letters; the network’s when left out')
    .option('--time-zone <zone>', 'its time zone; the network’s when left out')
    .action(create)
}

async function create(options: unknown): Promise<void> {
  const input = checkedOptions(operatorAgencyInput, options)
  await withInstallation(async ({ ownerUrl }) => {
    printResult(invitationLink(await makeAgency(ownerUrl, input)))
  })
}
