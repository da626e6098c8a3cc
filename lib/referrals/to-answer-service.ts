import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { openCursor, sealCursor } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listReferralsByDue } from './data'
import { mayReadReferrals } from './policy'
import type { ListToAnswerInput, ReferralPage } from './schema'
import { watchIn } from './service'
import { lineOf } from './view'

const SCOPE = 'referrals:to-answer'

/**
 * What waits for the agency's answer, by what is due soonest: an emergency that came last stands before a routine
 * referral that came first. Refuses with `forbidden` roles without referrals, `invalid` for a cursor of another list.
 */
export async function listReferralsToAnswer(
  actor: Actor,
  { limit, cursor: text }: ListToAnswerInput,
): Promise<Result<ReferralPage>> {
  if (!mayReadReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const cursor = text === undefined ? null : openCursor(SCOPE, text)
    if (text !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const [due, id] = cursor?.position ?? []
    const after = typeof due === 'string' && typeof id === 'string' ? { due, id } : null
    const found = await listReferralsByDue(tx, { after, limit: limit + 1 })
    const rows = found.slice(0, limit)
    const last = rows.at(-1)
    await record(tx, { type: 'referral.listed', purpose: 'in' })
    const watch = await watchIn(tx)
    return ok({
      items: rows.map((row) => lineOf(row, watch)),
      nextCursor:
        found.length > rows.length && last !== undefined
          ? sealCursor(SCOPE, { direction: 'after', position: [last.due, last.id] })
          : null,
    })
  })
}
