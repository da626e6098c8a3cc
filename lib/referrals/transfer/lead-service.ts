import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { canMoveNeed, contactDueIn } from '@/lib/assistance/needs/service'
import { record } from '@/lib/audit/record'
import { newCode, newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findReferral } from '../data'
import { mayLeadCases } from '../policy'
import { insertLedNeed, listLedCases, listLedNeeds, markLedNeedMoved, type LedCaseRow, type LedNeedRow } from './data'
import type { AddLedNeedInput, LedCaseLine, LedCaseView, LedNeed, MoveLedNeedInput } from './schema'

/** The cases of other agencies that the actor's agency leads, for those who answer for them. Refuses with `forbidden`. */
export async function listCasesWeLead(actor: Actor): Promise<Result<readonly LedCaseLine[]>> {
  if (!mayLeadCases(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const rows = await listLedCases(tx, null)
    await record(tx, { type: 'referral.listed', purpose: 'led' })
    return ok(rows.map(lineOf))
  })
}

/**
 * A case that the actor's agency leads, by the transfer that handed it over: what may be worked on, and its needs. Refuses
 * with `not_found` everybody else, and those who led once what it rests on has ended.
 */
export async function viewLedCase(actor: Actor, input: { readonly referral: string }): Promise<Result<LedCaseView>> {
  if (!mayLeadCases(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findLedCase(tx, input.referral)
    if (found === null) return refuse('not_found')
    await record(tx, { type: 'led-case.viewed', subject: found.transfer, ...about(found) })
    return ok({ ...lineOf(found), needs: (await listLedNeeds(tx, found.caseId)).map(needOf) })
  })
}

/**
 * Adds a need to a case that the actor's agency leads. Refuses as `viewLedCase` does, with `conflict` (`no_basis`) for a kind
 * of help that was not handed over, and `invalid` for a day that hasn't come yet.
 */
export async function addLedNeed(actor: Actor, input: AddLedNeedInput): Promise<Result<LedNeed>> {
  if (!mayLeadCases(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findLedCase(tx, input.referral)
    if (found === null) return refuse('not_found')
    const foundOn = input.foundOn ?? todayIn(tx)
    if (foundOn > todayIn(tx)) return refuse('invalid', 'future_date', { foundOn: ['assistance.date.future'] })
    const code = newCode('NED')
    const answer = await insertLedNeed(tx, found.caseId, {
      id: newId(),
      code,
      category: input.category,
      type: input.type ?? null,
      urgency: input.urgency,
      foundOn,
      contactDueAt: await contactDueIn(tx, input.urgency, foundOn),
    })
    if (answer !== 'ok') return answer === 'not_found' ? refuse(answer) : refuse('conflict', answer)
    return ok(await needIn(tx, found, code))
  })
}

/**
 * Moves a need of a case that the actor's agency leads. Refuses as `viewLedCase` does, with `stale`, and with `conflict`
 * (`wrong_state`) for a move that its state doesn't allow.
 */
export async function moveLedNeed(actor: Actor, input: MoveLedNeedInput): Promise<Result<LedNeed>> {
  if (!mayLeadCases(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findLedCase(tx, input.referral)
    const code = parseCode(input.need, 'NED')
    if (found === null || code === null) return refuse('not_found')
    const need = (await listLedNeeds(tx, found.caseId)).find((one) => one.code === code)
    if (need === undefined) return refuse('not_found')
    if (need.version !== input.version) return refuse('stale')
    if (need.state === input.state || !canMoveNeed(need.state, input.state)) return refuse('conflict', 'wrong_state')
    const metOn = input.state === 'met' ? (input.metOn ?? todayIn(tx)) : null
    if (metOn !== null && metOn > todayIn(tx))
      return refuse('invalid', 'future_date', { metOn: ['assistance.date.future'] })
    const answer = await markLedNeedMoved(tx, found.caseId, {
      need: code,
      version: input.version,
      state: input.state,
      notMetReason: input.state === 'not_met' ? (input.notMetReason ?? null) : null,
      metOn,
    })
    return answer === 'ok' ? ok(await needIn(tx, found, code)) : refuse(answer)
  })
}

/** One need of a case that the actor's agency leads. Refuses as `viewLedCase` does. */
export async function findLedNeed(
  actor: Actor,
  input: { readonly referral: string; readonly need: string },
): Promise<Result<LedNeed>> {
  const found = await viewLedCase(actor, input)
  if (!found.ok) return found
  const need = found.value.needs.find(({ code }) => code === parseCode(input.need, 'NED'))
  return need === undefined ? refuse('not_found') : ok(need)
}

async function findLedCase(tx: ActorTx, referral: string): Promise<LedCaseRow | null> {
  const row = await findReferral(tx, referral)
  if (row?.kind !== 'transfer' || row.side !== 'receiver' || row.case_code === null) return null
  const [found] = await listLedCases(tx, row.case_code)
  return found?.transfer === row.code ? found : null
}

async function needIn(tx: ActorTx, { caseId }: LedCaseRow, code: string): Promise<LedNeed> {
  const need = (await listLedNeeds(tx, caseId)).find((one) => one.code === code)
  if (need === undefined) throw new Error('A need that was just written is out of sight')
  return needOf(need)
}

function lineOf({ caseId: _case, person: _person, holderId: _holder, since, ...line }: LedCaseRow): LedCaseLine {
  return { ...line, since: since.toISOString() }
}

function needOf({ contactDueAt, ...need }: LedNeedRow): LedNeed {
  return { ...need, contactDueAt: contactDueAt.toISOString() }
}

function about({ person, caseId, holderId }: LedCaseRow) {
  return { personId: person, caseId, holderAgencyId: holderId }
}
