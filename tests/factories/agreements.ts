import type postgres from 'postgres'

import { proposeAgreementInput, type ProposeAgreementInput } from '@/lib/agencies/agreements/schema'
import { proposeAgreement, signAgreement, viewAgreement } from '@/lib/agencies/agreements/service'
import { valueOf } from '@/tests/factories/cases'
import { office, type Office } from '@/tests/factories/office'

/** Agencies of one network, the first one's. */
export async function officesOfOneNetwork(owner: postgres.Sql, count: number): Promise<readonly Office[]> {
  const first = await office(owner)
  const network = first.admin.network
  const others: Office[] = []
  for (let made = 1; made < count; made += 1) others.push(await office(owner, { network }))
  return [first, ...others]
}

/** A proposal as a form sends it, with what a test cares about in place of the usual. */
export function proposalTo(
  others: readonly Office[],
  over: Readonly<Record<string, unknown>> = {},
): ProposeAgreementInput {
  return proposeAgreementInput.parse({
    document: 'Protocol 2026/1',
    parties: others.map(({ agency }) => ({ agency: agency.key })),
    purposes: ['sharing'],
    categories: ['legal', 'medical'],
    identity: 'full',
    startsOn: '2020-01-01',
    endsOn: '2029-12-31',
    ...over,
  })
}

/** An agreement that every party has signed; returns its code. */
export async function signedAgreement(
  [proposer, ...others]: readonly Office[],
  over: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  if (proposer === undefined) throw new Error('An agreement has parties')
  const { agreement } = valueOf(await proposeAgreement(proposer.admin, proposalTo(others, over)))
  for (const { admin } of others) {
    const { version } = valueOf(await viewAgreement(admin, { agreement }))
    valueOf(await signAgreement(admin, { agreement, version }))
  }
  return agreement
}
