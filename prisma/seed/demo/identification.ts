import type postgres from 'postgres'

import { networkSettings } from '@/lib/agencies/network-schema'
import type { IdentificationStatus } from '@/lib/cases/schema'
import { EXPLAINED_POINTS } from '@/lib/consent/schema'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { sealText } from '@/lib/platform/crypto/envelope'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { newCode, newId } from '@/lib/platform/ids'
import { pauseFrom } from '@/lib/referrals/clock/rules'
import { isNameless, startIdentificationClock } from '@/lib/referrals/identification/rules'
import { partOf } from '@/lib/referrals/rules'
import type { DecisionReason, ReferralState } from '@/lib/referrals/schema'

import { Chance } from '../random'
import type { LoadedAgency } from './office'
import { CALENDAR, factsOf, subjectsOf, writeKey, writeText, type Subject } from './referrals'

const SEED = 4_002
const HOUR = 3_600_000

type Decided = { readonly status: IdentificationStatus; readonly reason: DecisionReason }
type Standing = {
  readonly state: ReferralState
  readonly hours: number
  readonly anonymous?: boolean
  readonly decided?: Decided
  readonly again?: Standing
}

/** How each question to the authority stands, how long ago it was asked, and whether it was asked again. */
const STANDINGS: readonly Standing[] = [
  { state: 'sent', hours: 3 },
  { state: 'sent', hours: 5, anonymous: true },
  { state: 'acknowledged', hours: 40 },
  { state: 'acknowledged', hours: 700 },
  { state: 'acknowledged', hours: 60, anonymous: true },
  { state: 'info_requested', hours: 50 },
  { state: 'completed', hours: 220, decided: { status: 'actual', reason: 'elements_established' } },
  {
    ...{ state: 'closed', hours: 900, decided: { status: 'not_a_victim', reason: 'insufficient_information' } },
    again: { state: 'completed', hours: 260, decided: { status: 'possible', reason: 'reasonable_grounds' } },
  },
  {
    ...{ state: 'closed', hours: 800, decided: { status: 'not_a_victim', reason: 'elements_not_established' } },
    again: { state: 'acknowledged', hours: 30 },
  },
  { state: 'declined', hours: 300 },
  { state: 'withdrawn', hours: 120 },
]

/** Cases before these have referrals of other kinds. */
const SKIPPED = 48

const REASON = 'Worked without pay, could not leave, and says that papers were taken away.'

type Asking = {
  readonly from: LoadedAgency
  readonly to: LoadedAgency
  readonly sender: string
  readonly service: { readonly id: string; readonly type: string }
  readonly chance: Chance
  readonly now: Date
}

/** Writes referrals of harbour's to the identifying authority in every state, with decisions and second looks. */
export async function writeIdentifications(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const [service] = await sql<{ id: string; type: string; agency: string }[]>`
    SELECT s.id, s.type, s.agency_id AS agency FROM network n JOIN listed_service s ON s.id = n.identifying_service_id`
  const from = agencies.find(({ key }) => key === 'harbour')
  const to = agencies.find(({ id }) => id === service?.agency)
  const [sender] = from?.caseworkers ?? []
  if (service === undefined || from === undefined || to === undefined || sender === undefined)
    throw new Error('The demonstration names no identifying authority')
  const asking = { from, to, sender, service, chance: new Chance(SEED), now }
  const subjects = await subjectsOf(sql, from.id, STANDINGS.length, SKIPPED)
  for (const [index, standing] of STANDINGS.entries()) {
    const subject = subjects[index]
    if (subject === undefined) continue
    await allow(sql, asking, subject, standing)
    const first = await writeOne(sql, asking, subject, standing, null)
    if (standing.again !== undefined) await writeOne(sql, asking, subject, standing.again, first)
  }
}

/** Whoever refers is on the team, and the person let the authority know. */
async function allow(
  sql: postgres.TransactionSql,
  { from, to, sender, chance, now }: Asking,
  { case_id: on, person }: Subject,
  { hours }: Standing,
): Promise<void> {
  const at = new Date(now.getTime() - (hours + 30) * HOUR)
  await sql`
    INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
    SELECT ${newId()}, c.id, c.person_id, c.holder_agency_id, c.agency_id, ${sender}, false, ${at} FROM case_file c
    WHERE c.id = ${on} AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = c.id AND a.member_id = ${sender} AND a.ended_at IS NULL)`
  await sql`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity, starts_on, ends_on,
      given_by, method, explained, recorded_by_id, recorded_at)
    VALUES (${newId()}, ${newCode('CON', chance.draw)}, ${on}, ${person}, ${from.id}, ${from.id}, 'identification', 'given', ${to.id},
      ${sql.array([...CATEGORY_KEYS])}, 'full', (${at}::timestamptz)::date, (${now}::timestamptz)::date + 365, 'person', 'spoken',
      ${sql.array([...EXPLAINED_POINTS])}, ${sender}, ${at})`
}

async function writeOne(
  sql: postgres.TransactionSql,
  asking: Asking,
  subject: Subject,
  standing: Standing,
  reconsiders: string | null,
): Promise<string> {
  const { from, to, sender, service, chance, now } = asking
  const { state, hours, anonymous = false, decided } = standing
  const [id, code] = [newId(), newCode('REF', chance.draw)]
  const at = new Date(now.getTime() - hours * HOUR)
  const after = (later: number) => new Date(Math.min(at.getTime() + later * HOUR, now.getTime()))
  const settings = networkSettings.parse({})
  const moments = startIdentificationClock(
    {
      calendar: CALENDAR,
      limits: settings.referralLimits,
      expiry: settings.referralExpiry,
      identification: settings.identification,
    },
    reconsiders !== null,
    at,
  )
  const pause = state === 'info_requested' ? pauseFrom({ calendar: CALENDAR }, 'routine', moments, after(4)) : null
  const isLive = state === 'sent' || state === 'acknowledged' || state === 'info_requested'
  const isSeen = state !== 'sent' && state !== 'withdrawn'
  const isLate = isLive && moments.decideBy < now
  const answered = decided !== undefined || state === 'declined'
  // A second look is other members' than the first.
  const decider = to.caseworkers[reconsiders === null ? 0 : 2] ?? to.caseworkers[0] ?? null
  const facts = factsOf({ subject, category: 'residency', from, service }).filter(
    ({ field }) => !field.startsWith('need.') && (!anonymous || isNameless(field)),
  )
  const keys = { preview: newKey(newId()), package: newKey(newId()) }
  await sql`
    INSERT INTO referral (id, code, kind, anonymous, reconsiders_id, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency,
      state, state_before, fields, created_by_id, created_at, sent_by_id, sent_at, acknowledged_at, answered_by_id, answered_at, completed_at, ended_at,
      ended_why, decline_reason, decision, deciding_body, decided_on, decision_reason, clock_started_at, acknowledge_half_at, acknowledge_by, acknowledge_late_at,
      decide_half_at, decide_by, decide_late_at, expires_at, paused_at, pause_ends_at, pause_clock, overdue_at, told, next_at)
    VALUES (${id}, ${code}, 'identification', ${anonymous}, ${reconsiders}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${to.id}, ${service.id},
      'routine', ${state}, ${state === 'info_requested' ? 'acknowledged' : null}, ${sql.array(facts.map(({ field }) => field))}, ${sender}, ${at}, ${sender}, ${at},
      ${isSeen ? after(2) : null}, ${answered ? decider : null}, ${answered ? after(90) : null}, ${decided === undefined ? null : after(90)},
      ${state === 'closed' || state === 'declined' || state === 'withdrawn' ? after(100) : null}, ${state === 'withdrawn' ? 'sender' : null},
      ${state === 'declined' ? 'insufficient_information' : null}, ${decided?.status ?? null}, ${decided === undefined ? null : 'NonPoliceGovernmentalOrganization'},
      ${decided === undefined ? null : after(90)}, ${decided?.reason ?? null}, ${moments.startedAt}, ${moments.acknowledgeHalfAt}, ${moments.acknowledgeBy},
      ${moments.acknowledgeLateAt}, ${moments.decideHalfAt}, ${moments.decideBy}, ${moments.decideLateAt}, ${moments.expiresAt},
      ${state === 'info_requested' ? after(4) : null}, ${pause?.endsAt ?? null}, ${pause === null ? null : sql.json(pause.clock)}, ${isLate ? moments.decideBy : null},
      ${sql.array(isLate ? ['ack_half', 'ack_by', 'ack_late', 'decide_half', 'decide_by', 'decide_late'] : [])}::text[],
      ${isLive || state === 'completed' ? now : null})`
  for (const part of ['preview', 'package'] as const) {
    await writeKey(sql, id, part, from.id, from, keys[part], at)
    if (isLive && (part === 'preview' || isSeen)) await writeKey(sql, id, part, from.id, to, keys[part], at)
  }
  for (const { field, value } of facts) {
    const part = partOf(field)
    const place = { table: 'referral_field', column: 'sealed', row: `${id}:${field}:1`, agency: from.id }
    await sql`
      INSERT INTO referral_field (referral_id, field, version, part, holder_agency_id, agency_id, sealed, sealed_at)
      VALUES (${id}, ${field}, 1, ${part}, ${from.id}, ${from.id}, ${sealText(keys[part], place, JSON.stringify(value))}, ${at})`
  }
  for (const way of isSeen ? (['preview', 'package'] as const) : (['preview'] as const)) {
    const left = facts.map(({ field }) => field).filter((field) => way === 'package' || partOf(field) === 'preview')
    await sql`
      INSERT INTO disclosure (at, case_id, person_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject, member_id)
      SELECT ${way === 'preview' ? at : after(2)}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${way}, 'agency', ${to.id}, 'identification',
        ${sql.array(left)}, '{consent}', ARRAY[c.code], ${code}, ${way === 'preview' ? sender : null}
      FROM consent c WHERE c.case_id = ${subject.case_id} AND c.purpose = 'identification'`
  }
  await writeText(sql, { from }, id, keys.preview, 'reason', REASON, from.id, sender, at)
  if (state === 'info_requested')
    await writeText(sql, { from }, id, keys.preview, 'question', 'Since when?', to.id, decider ?? '', after(4))
  if (decided !== undefined)
    await sql`
      UPDATE case_content SET identification = ${decided.status}, identified_by = 'NonPoliceGovernmentalOrganization', identified_on = ${after(90)},
        identification_reason = NULL WHERE case_id = ${subject.case_id}`
  return id
}
