import 'server-only'
import { z } from 'zod'

import type { Actor } from '@/lib/access/actor'
import { withActor } from '@/lib/access/with-actor'
import { openUnitsIn } from '@/lib/agencies/unit-service'
import { record } from '@/lib/audit/record'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { markChanged } from './data'
import { maySettle } from './policy'
import type { CaseInput, CaseView } from './schema'
import { findReadable, viewCaseIn, viewOf } from './service'

export const moveCaseInput = z.strictObject({
  case: z.string().max(64),
  /** The code of an open unit, or `none`. */
  unit: z.string({ error: 'cases.unit.required' }).min(1, { error: 'cases.unit.required' }).max(64),
  version: z.coerce.number().int().positive(),
})
export type MoveCaseInput = z.infer<typeof moveCaseInput>

export type CaseUnitView = {
  readonly case: CaseView
  readonly units: readonly { readonly code: string; readonly name: string }[]
}

/** A case and the units it could stand in. Refuses with `not_found`, `forbidden` off the team. */
export async function prepareCaseUnit(actor: Actor, input: CaseInput): Promise<Result<CaseUnitView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    if (!found.ok) return found
    if (!maySettle(actor, found.value)) return refuse('forbidden')
    const units = await openUnitsIn(tx)
    return ok({ case: viewOf(actor, found.value), units: units.map(({ code, name }) => ({ code, name })) })
  })
}

/**
 * Moves a case to another unit, or out of any: its supervisor and duty cover change in the same moment, its assigned
 * members stay. Refuses with `not_found`, `forbidden` off the team, `invalid` a unit that isn't open, and `stale`.
 */
export async function moveCase(actor: Actor, input: MoveCaseInput): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findReadable(tx, input.case)
    if (found === null) return refuse('not_found')
    if (!maySettle(actor, found)) return refuse('forbidden')
    const unit = input.unit === 'none' ? null : (await openUnitsIn(tx)).find(({ code }) => code === input.unit)
    if (unit === undefined) return refuse('invalid', 'unit', { unit: ['cases.unit.required'] })
    // Recorded first: afterwards the actor may be off the team.
    await record(tx, {
      type: 'case.changed',
      subject: found.code,
      personId: found.person,
      caseId: found.id,
      holderAgencyId: found.holderAgency,
      fields: ['unit'],
    })
    const isDone = await markChanged(tx, found, input.version, { unitId: unit?.id ?? null })
    return isDone ? ok({ code: found.code }) : refuse('stale')
  })
}
