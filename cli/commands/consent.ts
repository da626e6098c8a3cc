import { asMember, given, type MemberOptions } from '@/cli/as-member'
import { listConsentsInput, withdrawConsentInput, type ConsentView } from '@/lib/consent/schema'
import { listConsents, withdrawConsent } from '@/lib/consent/service'
import type { Command } from 'commander'

/** What a person agreed to, in codes; their words stay shut. A new answer is recorded with them, on its page or by the API. */
export function register(program: Command): void {
  const consent = program.command('consent').description('Read and withdraw consents, as a member')
  const of = (command: Command) =>
    command
      .requiredOption('--user <email>', 'the member who acts, with their rights and no more')
      .option('--json', 'print the result as JSON')
  of(consent.command('list <case>')).description('List the answers of a case, the latest first').action(list)
  of(consent.command('withdraw <consent>'))
    .description('Withdraw a consent at the word of the person; what rests on it ends at once')
    .action(withdraw)
}

async function list(on: string, options: MemberOptions): Promise<void> {
  const input = given(listConsentsInput, { case: on, limit: 200 })
  await asMember(
    options,
    'List of consents',
    (actor) => listConsents(actor, input),
    ({ items }) => items.map(inWords).join('\n'),
  )
}

async function withdraw(code: string, options: MemberOptions): Promise<void> {
  const input = given(withdrawConsentInput, { consent: code })
  await asMember(options, 'Withdrawal of a consent', (actor) => withdrawConsent(actor, input), inWords)
}

function inWords({ code, state, purpose, answer, agency, agencyKind, categories, endsOn }: ConsentView): string {
  const until = endsOn === null ? [] : [`until ${endsOn}`]
  return [code, state, purpose, answer, agency ?? agencyKind ?? '', categories.join(','), ...until].join('  ')
}
