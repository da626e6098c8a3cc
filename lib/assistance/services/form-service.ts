import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findCaseForWrite } from '@/lib/cases/reference-service'
import { audienceIn } from '@/lib/cases/team-service'
import { addDays } from '@/lib/platform/zone'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listLivingNeeds } from '../needs/data'
import { listLastCases } from './cases-data'
import { findLastDetail } from './data'
import { mayLog } from './policy'
import type { CaseChoiceView, LastTimeView, ServiceFormView } from './form-schema'

/**
 * What a form for a service, a need or a contact on a case starts from: its living needs, how this member gave their
 * last service here, who will be able to read it, and which day it is. One event, since it shows the needs.
 *
 * Refuses as writing on the case would: `not_found`, `forbidden`, `conflict` (`case_closed`).
 */
export async function prepareServiceForm(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<ServiceFormView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayLog(actor, on)) return refuse('forbidden')
    const needs = await listLivingNeeds(tx, on.id)
    const last = await findLastDetail(tx, on.id)
    await record(tx, {
      type: 'need.listed',
      subject: on.code,
      personId: on.person,
      caseId: on.id,
      holderAgencyId: on.holderAgency,
    })
    const today = todayIn(tx)
    return ok({
      case: on.code,
      person: on.personCode,
      today,
      yesterday: addDays(today, -1),
      needs: needs.map(({ code, category, type, urgency, state }) => ({ code, category, type, urgency, state })),
      lastTime: last === null ? null : lastTimeOf(last),
      audience: await audienceIn(tx, on),
    })
  })
}

/** The cases that the member worked on last, to choose one from. One event. */
export async function listCaseChoices(
  actor: Actor,
  input: { readonly limit: number },
): Promise<Result<readonly CaseChoiceView[]>> {
  return withActor(actor, async (tx) => {
    const choices = await listLastCases(tx, input.limit)
    await record(tx, { type: 'case.listed', basis: 'last_worked_on' })
    return ok(choices)
  })
}

/** What "as last time" takes over: place, mode, length, interpreter. Never category, outcome or money. */
function lastTimeOf({
  mode,
  placeKind,
  minutes,
  interpreterUsed,
  interpreterLanguage,
}: LastTimeView): LastTimeView | null {
  const last = { mode, placeKind, minutes, interpreterUsed, interpreterLanguage }
  return Object.values(last).every((value) => value === null) ? null : last
}
