import { text } from 'node:stream/consumers'
import { checkedOptions } from '@/cli/input'
import { printResult, withInstallation } from '@/cli/installation'
import { operatorAdminInput } from '@/lib/agencies/operator-schema'
import { makeSystemAdministrator } from '@/lib/agencies/operator-service'
import { invitationLink } from '@/lib/auth/invitation-link'
import { acceptInvitation } from '@/lib/auth/passwords'
import { findPasswordFault } from '@/lib/auth/password-rules'
import { PlainSentence } from '@/lib/platform/plain-sentence'
import type { Command } from 'commander'

type Options = { readonly email: string; readonly name: string; readonly passwordStdin?: true }

export function register(program: Command): void {
  const admin = program.command('admin').description('System administrators, who make agencies')
  admin
    .command('create')
    .description('Make a system administrator, and print the link at which they choose their password')
    .requiredOption('--email <address>', 'the e-mail address they sign in with')
    .requiredOption('--name <name>', 'their name, as colleagues see it')
    .option('--network <name>', 'the name of the first network (jurisdiction), when there is none yet')
    .option('--country <code>', 'its country, by two letters')
    .option('--time-zone <zone>', 'its time zone, such as Europe/Lisbon')
    .option('--password-stdin', 'read the password from standard input in place of printing a link')
    .action(create)
}

async function create({ passwordStdin, ...options }: Options): Promise<void> {
  const input = checkedOptions(operatorAdminInput, options)
  const password = passwordStdin === true ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined
  // Before the member is made, or a second try would find the address taken.
  if (password !== undefined) refuseWeak(password, [input.email, input.name, 'Amparo'])
  await withInstallation(async ({ ownerUrl }) => {
    const secret = await makeSystemAdministrator(ownerUrl, input)
    if (password === undefined) {
      printResult(invitationLink(secret))
      return
    }
    const accepted = await acceptInvitation(secret, { password }, {})
    if (!accepted.ok) throw new PlainSentence('The password was not taken; open the invitation anew.')
    printResult(input.email)
  })
}

function refuseWeak(password: string, words: readonly string[]): void {
  const fault = findPasswordFault(password, { hasSecondFactor: false, words })
  if (fault === null) return
  const why = fault.slice(fault.lastIndexOf('.') + 1).replaceAll('_', ' ')
  throw new PlainSentence(`The password is ${why}; choose 15 characters or more that nobody would guess.`)
}
