import type postgres from 'postgres'

import type { Actor } from '@/lib/access/actor'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { newCode, newId } from '@/lib/platform/ids'
import { MOVE_FIELDS, createReferralInput, type Move, type ReferralView } from '@/lib/referrals/schema'
import { moveReferral, type MoveInput } from '@/lib/referrals/move-service'
import { runReferralClock } from '@/lib/referrals/jobs-service'
import { createReferral } from '@/lib/referrals/send-service'
import type { Result } from '@/lib/platform/result'
import { officesOfOneNetwork, signedAgreement } from '@/tests/factories/agreements'
import { openNeed } from '@/tests/factories/assistance'
import { openedCase, registeredPerson, valueOf } from '@/tests/factories/cases'
import { listedService } from '@/tests/factories/directory'
import type { Office } from '@/tests/factories/office'

/** What a person agreed to, for one agency; returns the consent's id. */
export async function agreedTo(
  owner: postgres.Sql,
  caseCode: string,
  receiver: Office,
  over: {
    readonly categories?: readonly CategoryKey[]
    readonly identity?: 'none' | 'contact' | 'full'
    readonly endsOn?: string
    readonly answer?: 'given' | 'refused'
    readonly withheld?: readonly string[]
    readonly purpose?: 'sharing' | 'identification' | 'own_file' | 'transfer'
  } = {},
): Promise<string> {
  const id = newId()
  const [on] = await owner<{ id: string; person: string; agency: string; member: string }[]>`
    SELECT c.id, c.person_id AS person, c.agency_id AS agency, (SELECT a.member_id FROM assignment a WHERE a.case_id = c.id LIMIT 1) AS member
    FROM case_file c WHERE c.code = ${caseCode}`
  if (on === undefined) throw new Error('No such case')
  const withheld = over.withheld ?? []
  await owner`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity,
      starts_on, ends_on, given_by, method, withheld, withheld_why, recorded_by_id, recorded_at)
    VALUES (${id}, ${newCode('CON')}, ${on.id}, ${on.person}, ${on.agency}, ${on.agency}, ${over.purpose ?? 'sharing'}, ${over.answer ?? 'given'}, ${receiver.agency.id},
      ${owner.array([...(over.categories ?? CATEGORY_KEYS)])}, ${over.identity ?? 'full'}, '2020-01-01', ${over.endsOn ?? null}, 'person', 'spoken',
      ${owner.array([...withheld])}::text[], ${withheld.length === 0 ? null : 'fear_of_harm'}, ${on.member}, clock_timestamp())`
  return id
}

/** The person takes a consent back. */
export async function takenBack(owner: postgres.Sql, consent: string): Promise<void> {
  await owner`
    INSERT INTO consent_withdrawal (consent_id, case_id, person_id, holder_agency_id, agency_id, given_by, method, recorded_by_id, withdrawn_at)
    SELECT c.id, c.case_id, c.person_id, c.holder_agency_id, c.agency_id, 'person', 'spoken', c.recorded_by_id, clock_timestamp()
    FROM consent c WHERE c.id = ${consent}`
}

/** Two agencies with an agreement, a legal service that the second one's first caseworker receives for, and a case. */
export type Pair = {
  readonly harbour: Office
  readonly legalaid: Office
  /** The stand-in of the service. */
  readonly standIn: Actor
  readonly service: { readonly id: string; readonly code: string }
}

export async function pairOfAgencies(owner: postgres.Sql): Promise<Pair> {
  const [harbour, legalaid] = await officesOfOneNetwork(owner, 2)
  if (harbour === undefined || legalaid === undefined) throw new Error('Two agencies')
  await signedAgreement([harbour, legalaid], { categories: [...CATEGORY_KEYS] })
  const service = await listedService(legalaid)
  return { harbour, legalaid, standIn: legalaid.supervisor, service }
}

/** Facts by which a leak is found: none of them may show where it is not shared. */
export const MARKERS = { name: 'Zephyrine Quillmarker', phone: '+15550177443', street: 'Markerlane 77443' } as const

/** A case with a need, whose person agreed to share with the pair's second agency. */
export async function caseToRefer(
  owner: postgres.Sql,
  { harbour, legalaid }: Pair,
  over: Parameters<typeof agreedTo>[3] = {},
) {
  const person = await registeredPerson(harbour.caseworker, {
    identity: {
      names: [{ value: MARKERS.name }],
      phones: [{ value: MARKERS.phone }],
      addresses: [{ value: MARKERS.street }],
    },
    profile: { birth: { state: 'stated', value: 1996 }, gender: { state: 'stated', value: 'Feminine' } },
    safeContact: { channels: { text: { safe: true, from: '10:00', until: '14:00' } } },
  })
  const on = await openedCase(harbour.caseworker, { person })
  const need = await openNeed(harbour.caseworker, { case: on.code, category: 'legal', urgency: 'urgent' })
  const consent = await agreedTo(owner, on.code, legalaid, over)
  return { case: on.code, person, need: need.code, consent }
}

/** Makes a referral as a form sends it. */
export function refer(actor: Actor, input: Readonly<Record<string, unknown>>): Promise<Result<ReferralView>> {
  return createReferral(actor, createReferralInput.parse(input))
}

/** Makes a move as a form sends it. */
export function moved(
  actor: Actor,
  referral: string,
  move: Move,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<Result<ReferralView>> {
  return moveReferral(actor, { referral, move, detail: MOVE_FIELDS[move].parse(detail) } as MoveInput)
}

/** A referral that was sent to the pair's service. */
export async function sentReferral(owner: postgres.Sql, pair: Pair, over: Parameters<typeof agreedTo>[3] = {}) {
  const of = await caseToRefer(owner, pair, over)
  const view = valueOf(
    await refer(pair.harbour.caseworker, {
      case: of.case,
      needs: [of.need],
      directoryService: pair.service.code,
      reason: 'Needs advice this week.',
      send: true,
    }),
  )
  return { ...of, referral: view.code, view }
}

/** Puts the clock of a referral back by an interval, as if that much more time had passed. */
export async function clockPutBack(owner: postgres.Sql, referral: string, interval: string): Promise<void> {
  await owner`UPDATE referral SET acknowledge_half_at = acknowledge_half_at - ${interval}::interval, acknowledge_by = acknowledge_by - ${interval}::interval,
    acknowledge_late_at = acknowledge_late_at - ${interval}::interval, decide_half_at = decide_half_at - ${interval}::interval,
    decide_by = decide_by - ${interval}::interval, decide_late_at = decide_late_at - ${interval}::interval,
    expires_at = expires_at - ${interval}::interval, completed_at = completed_at - ${interval}::interval,
    clock_started_at = clock_started_at - ${interval}::interval, paused_at = paused_at - ${interval}::interval, pause_ends_at = pause_ends_at - ${interval}::interval,
    pause_clock = (SELECT jsonb_object_agg(key, value::timestamptz - ${interval}::interval) FROM jsonb_each_text(pause_clock)), next_at = next_at - ${interval}::interval
    WHERE code = ${referral}`
}

/** Lets the pause of a question be over since a minute, and the clock find it. */
export async function pauseOver(owner: postgres.Sql, referral: string): Promise<void> {
  const [left] = await owner<{ left: string }[]>`
    SELECT (pause_ends_at - clock_timestamp() + interval '1 minute')::text AS left FROM referral WHERE code = ${referral}`
  await clockPutBack(owner, referral, left?.left ?? '0')
  await runReferralClock()
}
