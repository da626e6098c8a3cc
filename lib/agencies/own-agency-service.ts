import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { mayAdministerOwnAgency } from './member-policy'
import { findLastChange, findOwnAgency, markAgencyChanged } from './own-agency-data'
import type { ChangeOwnAgencyInput, OwnAgencyChange, OwnAgencyView } from './own-agency-schema'

/** The actor's agency with what it sets for itself. Refuses with `forbidden` all but its administrator. */
export async function viewOwnAgency(
  actor: Actor,
): Promise<Result<OwnAgencyView & { readonly lastChange: OwnAgencyChange | null }>> {
  if (!mayAdministerOwnAgency(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const agency = await findOwnAgency(tx)
    const lastChange = await findLastChange(tx)
    await record(tx, { type: 'agency.listed', subject: agency.key })
    return ok({ ...agency, lastChange })
  })
}

/**
 * Changes what the agency sets for itself; it holds from everybody's next page on. Refuses with `forbidden`,
 * `step_up_required`, and `stale` when somebody else changed it since `version`.
 */
export async function changeOwnAgency(actor: Actor, input: ChangeOwnAgencyInput): Promise<Result<undefined>> {
  if (!mayAdministerOwnAgency(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const answer = await markAgencyChanged(tx, input)
    if (answer === 'ok') return ok()
    return refuse(answer === 'step_up' ? 'step_up_required' : answer)
  })
}
