import { checkedOptions } from '@/cli/input'
import { printResult, withInstallation } from '@/cli/installation'
import { operatorMemberInput } from '@/lib/agencies/operator-schema'
import { resetMemberFactors } from '@/lib/agencies/operator-service'
import type { Command } from 'commander'

export function register(program: Command): void {
  const member = program.command('member').description('Members, where their own administrators can’t help')
  member
    .command('reset-factor')
    .description('Remove a member’s lost second factor, so that the next sign-in sets up a new one')
    .requiredOption('--email <address>', 'the e-mail address they sign in with')
    .action(resetFactor)
}

async function resetFactor(options: { readonly email: string }): Promise<void> {
  const { email } = checkedOptions(operatorMemberInput, options)
  await withInstallation(async ({ ownerUrl }) => {
    printResult(await resetMemberFactors(ownerUrl, email))
  })
}
