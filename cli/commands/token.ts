import { checkedOptions } from '@/cli/input'
import { printResult, withInstallation } from '@/cli/installation'
import { operatorTokenInput } from '@/lib/agencies/operator-schema'
import { makeToken } from '@/lib/agencies/operator-service'
import type { Command } from 'commander'

export function register(program: Command): void {
  const token = program.command('token').description('API tokens')
  token
    .command('create')
    .description('Print a bearer token that may do what its member may, and no more')
    .requiredOption('--user <address>', 'the member’s e-mail address')
    .requiredOption('--name <name>', 'what the token is for')
    .option('--days <number>', 'after how many days it ends, at most 366', '90')
    .action(create)
}

async function create(options: unknown): Promise<void> {
  const input = checkedOptions(operatorTokenInput, options)
  await withInstallation(async ({ ownerUrl }) => {
    printResult(await makeToken(ownerUrl, input))
  })
}
