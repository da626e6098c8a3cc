import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findGrantedCase, listGrantedNeeds } from '@/lib/cases/grant-service'
import { findCaseForEntry, findCaseForRead } from '@/lib/cases/reference-service'
import { audienceIn } from '@/lib/cases/team-service'
import { addDays } from '@/lib/platform/zone'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findNeed, listLivingNeeds, type NeedRow } from '../needs/data'
import { findNamedCases, listLastCases } from './cases-data'
import { findLastDetail } from './data'
import { mayLog, mayLogServices } from './policy'
import type {
  AmendmentFormView,
  CaseChoiceView,
  ChooseCaseInput,
  LastTimeView,
  NeedChoice,
  ServiceFormView,
} from './form-schema'
import { viewService } from './service'

/**
 * What a form for a service, a need or a contact on a case starts from: its living needs, how this member gave their
 * last service here, who will be able to read it, and which day it is. One event, since it shows the needs.
 *
 * Refuses with `not_found`, and `forbidden` off the team. A closed case still takes what happened before it was closed.
 */
export async function prepareServiceForm(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<ServiceFormView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForEntry(tx, input.case)
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
      closedOn: on.closedOn,
      needs: needs.map(toChoice),
      lastTime: last === null ? null : lastTimeOf(last),
      audience: await audienceIn(tx, on),
    })
  })
}

/**
 * What the forms that amend and void a service start from: the service itself, the case's needs, who reads the reason.
 * One event, as opening the service writes. Refuses with `not_found` when the actor may not know of it.
 */
export async function prepareAmendment(
  actor: Actor,
  input: { readonly service: string },
): Promise<Result<AmendmentFormView>> {
  return withActor(actor, async (tx): Promise<Result<AmendmentFormView>> => {
    const found = await viewService(actor, input)
    if (!found.ok) return found
    const service = found.value
    const today = todayIn(tx)
    const days = { today, yesterday: addDays(today, -1) }
    if (service.elsewhere) {
      const granted = await findGrantedCase(tx, service.case)
      if (!granted.ok) return granted
      const needs = await listGrantedNeeds(tx, granted.value.caseId)
      return ok({
        service,
        form: { case: service.case, person: null, ...days, closedOn: null, needs, lastTime: null, audience: null },
      })
    }
    const on = await findCaseForRead(tx, service.case)
    if (!on.ok) return on
    const needs = (await listLivingNeeds(tx, on.value.id)).map(toChoice)
    const served = service.need === null ? null : await findNeed(tx, service.need)
    const isListed = served === null || needs.some(({ code }) => code === served.code)
    return ok({
      service,
      form: {
        case: on.value.code,
        person: on.value.personCode,
        ...days,
        closedOn: on.value.closedOn,
        // The need that it serves stays a choice, also when nobody has to do anything about it any more.
        needs: isListed ? needs : [toChoice(served), ...needs],
        lastTime: null,
        audience: await audienceIn(tx, on.value),
      },
    })
  })
}

/** The cases that the member worked on last, to choose one from. One event. Refuses with `forbidden` who logs no services. */
export async function listCaseChoices(
  actor: Actor,
  input: { readonly limit: number },
): Promise<Result<readonly CaseChoiceView[]>> {
  return withActor(actor, async (tx) => {
    if (!mayLogServices(actor)) return refuse('forbidden')
    const choices = await listLastCases(tx, input.limit)
    await record(tx, { type: 'case.listed', basis: 'last_worked_on' })
    return ok(choices)
  })
}

/**
 * The open case of the actor's team that a typed code means, its own or the person's. Refuses with `invalid`, in the
 * same words whether it isn't there or isn't theirs to know.
 */
export async function chooseCase(actor: Actor, input: ChooseCaseInput): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const named = mayLogServices(actor) ? await findNamedCases(tx, [input.code]) : []
    const [only, ...others] = named.filter((on) => mayLog(actor, on))
    const key = only === undefined ? 'assistance.service.choose.unknown' : 'assistance.service.several.ambiguous'
    if (only === undefined || others.length > 0) return refuse('invalid', 'unknown_codes', { code: [key] })
    return ok({ code: only.code })
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

function toChoice({ code, category, type, urgency, state }: NeedRow): NeedChoice {
  return { code, category, type, urgency, state }
}
