import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { requireFresh } from '@/lib/access/freshness'
import { withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findAllowed, findBasisCode, insertBasis, listBasisRows } from './data'
import { maySetBases } from './policy'
import { holding } from './rules'
import type { AllowedBases, BasisView, SetBasisInput } from './schema'

/** What the actor's agency rests on, the latest word first, and what its network allows. Refuses with `forbidden`. */
export async function listBases(
  actor: Actor,
): Promise<Result<{ readonly items: readonly BasisView[]; readonly allowed: AllowedBases }>> {
  if (!maySetBases(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const rows = await listBasisRows(tx)
    const held = holding(rows)
    await record(tx, { type: 'agency.bases-listed' })
    return ok({
      items: rows.map(({ id, setAt, ...row }) => ({ ...row, setAt: setAt.toISOString(), holds: held.has(id) })),
      allowed: await findAllowed(tx),
    })
  })
}

/**
 * Says what the agency rests on for a purpose from now on; what it said before stays readable. Refuses with `forbidden`,
 * `step_up_required`, and `invalid` a basis that the network doesn't allow for the purpose.
 */
export async function setBasis(actor: Actor, input: SetBasisInput): Promise<Result<{ readonly code: string }>> {
  if (!maySetBases(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const stale = await requireFresh(tx)
    if (stale !== null) return stale
    const allowed = (await findAllowed(tx))[input.purpose]
    if (!allowed.includes(input.basis)) return refuse('invalid', 'basis', { basis: ['bases.errors.not_allowed'] })
    const id = newId()
    const answer = await insertBasis(tx, id, input)
    return answer === 'ok' ? ok({ code: await findBasisCode(tx, id) }) : refuse(answer)
  })
}
