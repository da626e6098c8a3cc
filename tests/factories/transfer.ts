import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import type { ReferralView } from '@/lib/referrals/schema'
import { transferLeadInput } from '@/lib/referrals/transfer/schema'
import { transferLead } from '@/lib/referrals/transfer/service'
import type { Result } from '@/lib/platform/result'
import { signedAgreement } from '@/tests/factories/agreements'
import { valueOf } from '@/tests/factories/cases'
import { caseToRefer, moved, pairOfAgencies, type agreedTo, type Pair } from '@/tests/factories/referrals'

/** A pair of agencies that agreed about taking over the lead as well. */
export async function pairThatHandsOver(owner: postgres.Sql): Promise<Pair> {
  const pair = await pairOfAgencies(owner)
  await signedAgreement([pair.harbour, pair.legalaid], { categories: [...CATEGORY_KEYS], purposes: ['transfer'] })
  return pair
}

/** Offers the lead as a form does. */
export function handedOver(actor: Actor, input: Readonly<Record<string, unknown>>): Promise<Result<ReferralView>> {
  return transferLead(actor, transferLeadInput.parse(input))
}

/** A case whose person lets the pair's second agency take over the lead, and the consent to it. */
export async function caseToHandOver(owner: postgres.Sql, pair: Pair, over: Parameters<typeof agreedTo>[3] = {}) {
  const of = await caseToRefer(owner, pair, { purpose: 'transfer', ...over })
  const [on] = await owner<{ id: string }[]>`SELECT id FROM case_file WHERE code = ${of.case}`
  return { ...of, caseId: on?.id ?? '' }
}

/** A case whose lead has moved: sent by the caseworker, accepted by the receiver, confirmed by the supervisor. */
export async function ledCase(owner: postgres.Sql, pair: Pair, over: Parameters<typeof agreedTo>[3] = {}) {
  const of = await caseToHandOver(owner, pair, over)
  const { code } = valueOf(
    await handedOver(pair.harbour.caseworker, { case: of.case, directoryService: pair.service.code }),
  )
  valueOf(await moved(pair.legalaid.caseworker, code, 'accept'))
  valueOf(await moved(pair.harbour.supervisor, code, 'confirm'))
  return { ...of, referral: code }
}
