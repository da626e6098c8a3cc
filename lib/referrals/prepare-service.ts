import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import type { NeedToRefer } from '@/lib/assistance/needs/schema'
import { livingNeedsIn } from '@/lib/assistance/needs/service'
import { record } from '@/lib/audit/record'
import { frameAroundListIn } from '@/lib/cases/overview-service'
import type { CaseFrameView } from '@/lib/cases/overview-schema'
import { findCaseForRead, findCaseForWrite } from '@/lib/cases/reference-service'
import type { ListedServiceView, WantedHelp } from '@/lib/directory/schema'
import { rankServicesIn } from '@/lib/directory/service'
import { fitFactsIn } from '@/lib/people/facts-service'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { listReferralRows } from './data'
import { maySendReferrals, mayReadReferrals } from './policy'
import type { ReferralLine } from './schema'
import { watchIn } from './service'
import { lineOf } from './view'

const MOST_SERVICES = 20
const MOST_OF_CASE = 200

/** What the first page of a new referral shows: the needs to choose from, and who could help with the first one chosen. */
export type ReferralStart = {
  readonly case: string
  readonly person: string
  readonly needs: readonly NeedToRefer[]
  readonly chosen: readonly string[]
  readonly services: readonly ListedServiceView[]
}

/**
 * Prepares a referral: the needs of a case, and the listed services that fit those chosen, the best first. What the
 * directory is asked knows of the person an age, a gender and languages. Refuses with `not_found`, `forbidden` off the
 * team, and `conflict` (`case_closed`).
 */
export async function prepareReferral(
  actor: Actor,
  input: { readonly case: string; readonly needs: readonly string[] },
): Promise<Result<ReferralStart>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    const needs = await livingNeedsIn(tx, on.id)
    const chosen = needs.filter(({ code }) => input.needs.includes(code))
    const services = await servicesFor(tx, actor, on.person, chosen)
    await record(tx, {
      type: 'referral.offered',
      subject: on.code,
      personId: on.person,
      caseId: on.id,
      holderAgencyId: on.holderAgency,
    })
    return ok({ case: on.code, person: on.personCode, needs, chosen: chosen.map(({ code }) => code), services })
  })
}

async function servicesFor(
  tx: ActorTx,
  actor: Actor,
  person: string,
  chosen: readonly NeedToRefer[],
): Promise<readonly ListedServiceView[]> {
  const [first] = chosen
  if (first === undefined) return []
  const wanted: WantedHelp = {
    ...(await fitFactsIn(tx, person)),
    category: first.category,
    urgency: first.urgency,
    ...(first.type === null ? {} : { type: first.type }),
  }
  const fitting = await rankServicesIn(tx, wanted, { limit: MOST_SERVICES })
  const { type: _type, ...ofCategory } = wanted
  const wider = first.type === null ? fitting : await rankServicesIn(tx, ofCategory, { limit: MOST_SERVICES })
  if (!fitting.ok || !wider.ok) return []
  const known = new Set(fitting.value.items.map(({ code }) => code))
  return [...fitting.value.items, ...wider.value.items.filter(({ code }) => !known.has(code))].filter(
    ({ agency, receivers, standIns, status }) =>
      agency !== actor.agencyKey && status === 'active' && receivers + standIns > 0,
  )
}

export type CaseReferralsView = { readonly frame: CaseFrameView; readonly items: readonly ReferralLine[] }

/** The referrals of a case, the latest first, within its frame. Refuses with `not_found`. */
export async function viewCaseReferrals(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<CaseReferralsView>> {
  if (!mayReadReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const frame = await frameAroundListIn(tx, input.case)
    if (!frame.ok) return frame
    const found = await findCaseForRead(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    const rows = await listReferralRows(tx, {
      box: 'out',
      states: null,
      caseId: on.id,
      before: null,
      limit: MOST_OF_CASE,
    })
    await record(tx, {
      type: 'referral.listed',
      subject: on.code,
      personId: on.person,
      caseId: on.id,
      holderAgencyId: on.holderAgency,
    })
    const watch = await watchIn(tx)
    return ok({ frame: frame.value, items: rows.map((row) => lineOf(row, watch)) })
  })
}
