import type postgres from 'postgres'

import { networkSettings } from '@/lib/agencies/network-schema'
import { EXPLAINED_POINTS } from '@/lib/consent/schema'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { tokensToFindBy } from '@/lib/people/find-tokens-service'
import { sealText } from '@/lib/platform/crypto/envelope'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { newCode, newId } from '@/lib/platform/ids'
import { startClock } from '@/lib/referrals/clock/rules'
import { identityOfFacts } from '@/lib/referrals/identity-rules'
import { partOf } from '@/lib/referrals/rules'
import type { ReferralState } from '@/lib/referrals/schema'

import { Chance } from '../random'
import type { LoadedAgency } from './office'
import { CALENDAR, factsOf, subjectsOf, writeKey, writeText, type Subject } from './referrals'

const SEED = 4_004
const HOUR = 3_600_000

/** How each transfer of the lead stands, and how many hours ago it was offered. */
const STANDINGS: readonly { readonly state: ReferralState; readonly hours: number }[] = [
  { state: 'acknowledged', hours: 6 },
  { state: 'accepted', hours: 20 },
  { state: 'in_service', hours: 400 },
  { state: 'completed', hours: 900 },
]

/** Cases before these have referrals of other kinds. */
const SKIPPED = 78

const REASON = 'Has found a home in the other town, and goes to the office there.'

type Transfer = {
  readonly from: LoadedAgency
  readonly to: LoadedAgency
  /** Who offers, and who confirms: two members. */
  readonly sender: string
  readonly second: string
  readonly service: { readonly id: string; readonly type: string }
  readonly chance: Chance
  readonly now: Date
}

/** Writes transfers of the lead of harbour's cases: waiting for an answer, for the confirmation, moved, and given back. */
export async function writeTransfers(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const [from, to] = ['harbour', 'legalaid'].map((key) => agencies.find((agency) => agency.key === key))
  if (from === undefined || to === undefined) throw new Error('A pair of agencies of the demonstration is missing')
  const [service] = await sql<{ id: string; type: string }[]>`
    SELECT id, type FROM listed_service WHERE agency_id = ${to.id} AND category = 'legal' AND status = 'active' ORDER BY name LIMIT 1`
  const [sender, second] = from.caseworkers
  if (service === undefined || sender === undefined || second === undefined) return
  const transfer = { from, to, sender, second, service, chance: new Chance(SEED), now }
  const subjects = await subjectsOf(sql, from.id, STANDINGS.length, SKIPPED)
  for (const [index, standing] of STANDINGS.entries()) {
    const subject = subjects[index]
    if (subject !== undefined) await writeOne(sql, transfer, subject, standing)
  }
}

async function writeOne(
  sql: postgres.TransactionSql,
  transfer: Transfer,
  subject: Subject,
  { state, hours }: (typeof STANDINGS)[number],
): Promise<void> {
  const { from, to, sender, second, service, chance, now } = transfer
  const [id, code, consent] = [newId(), newCode('REF', chance.draw), newCode('CON', chance.draw)]
  const at = new Date(now.getTime() - hours * HOUR)
  const after = (later: number) => new Date(Math.min(at.getTime() + later * HOUR, now.getTime()))
  const limits = networkSettings.parse({}).referralLimits
  const moments = startClock({ calendar: CALENDAR, limits, expiry: 3 }, 'routine', at)
  const isAccepted = state !== 'acknowledged'
  const hasMoved = state === 'in_service' || state === 'completed'
  const isLive = state !== 'completed'
  const keys = { preview: newKey(newId()), package: newKey(newId()) }
  const facts = await handedOver(sql, transfer, subject)
  for (const member of [sender, second])
    await sql`
      INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
      SELECT ${newId()}, c.id, c.person_id, c.holder_agency_id, c.agency_id, ${member}, false, ${at} FROM case_file c
      WHERE c.id = ${subject.case_id} AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = c.id AND a.member_id = ${member} AND a.ended_at IS NULL)`
  await sql`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity, starts_on, ends_on,
      given_by, method, explained, recorded_by_id, recorded_at)
    VALUES (${newId()}, ${consent}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, 'transfer', 'given', ${to.id},
      ${sql.array([...CATEGORY_KEYS])}, 'full', (${at}::timestamptz)::date, (${now}::timestamptz)::date + 365, 'person', 'spoken',
      ${sql.array([...EXPLAINED_POINTS])}, ${sender}, ${at})`
  await sql`
    INSERT INTO referral (id, code, kind, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, state, fields, created_by_id,
      created_at, sent_by_id, sent_at, acknowledged_at, answered_by_id, answered_at, confirmed_by_id, service_since, completed_at, outcome, clock_started_at,
      acknowledge_half_at, acknowledge_by, acknowledge_late_at, decide_half_at, decide_by, decide_late_at, expires_at, told, next_at)
    VALUES (${id}, ${code}, 'transfer', ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${to.id}, ${service.id}, 'routine', ${state},
      ${sql.array(facts.map(({ field }) => field))}, ${sender}, ${at}, ${sender}, ${at}, ${after(2)}, ${isAccepted ? (to.caseworkers[0] ?? null) : null},
      ${isAccepted ? after(10) : null}, ${hasMoved ? second : null}, ${hasMoved ? after(30) : null}, ${state === 'completed' ? after(860) : null},
      ${state === 'completed' ? 'person_left' : null}, ${moments.startedAt}, ${moments.acknowledgeHalfAt}, ${moments.acknowledgeBy}, ${moments.acknowledgeLateAt},
      ${moments.decideHalfAt}, ${moments.decideBy}, ${moments.decideLateAt}, ${moments.expiresAt}, '{}', ${now})`
  for (const part of ['preview', 'package'] as const) {
    await writeKey(sql, id, part, from.id, from, keys[part], at)
    if (isLive && (part === 'preview' || hasMoved)) await writeKey(sql, id, part, from.id, to, keys[part], at)
  }
  for (const { field, value } of facts) {
    const part = partOf(field)
    const place = { table: 'referral_field', column: 'sealed', row: `${id}:${field}:1`, agency: from.id }
    await sql`
      INSERT INTO referral_field (referral_id, field, version, part, holder_agency_id, agency_id, sealed, sealed_at)
      VALUES (${id}, ${field}, 1, ${part}, ${from.id}, ${from.id}, ${sealText(keys[part], place, JSON.stringify(value))}, ${at})`
  }
  for (const way of hasMoved ? (['preview', 'package'] as const) : (['preview'] as const)) {
    const left = facts.map(({ field }) => field).filter((field) => way === 'package' || partOf(field) === 'preview')
    await sql`
      INSERT INTO disclosure (at, case_id, person_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject, member_id)
      VALUES (${way === 'preview' ? at : after(30)}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${way}, 'agency', ${to.id}, 'transfer',
        ${sql.array(left)}, '{consent}', ${sql.array([consent])}, ${code}, ${way === 'preview' ? sender : second})`
  }
  await writeText(sql, { from }, id, keys.preview, 'reason', REASON, from.id, sender, at)
  if (!hasMoved) return
  await sql`
    INSERT INTO case_grant (id, referral_id, case_id, case_code, person_id, holder_agency_id, agency_id, categories, leads, started_at, ended_at)
    VALUES (${newId()}, ${id}, ${subject.case_id}, ${subject.case_code}, ${subject.person}, ${from.id}, ${to.id}, ${sql.array([...CATEGORY_KEYS])}, true,
      ${after(30)}, ${isLive ? null : after(860)})`
  if (!isLive) return
  await sql`UPDATE case_file SET lead_agency_id = ${to.id} WHERE id = ${subject.case_id}`
  const shared = new Map(facts.map(({ field, value }) => [field, value]))
  for (const token of tokensToFindBy(to.keys.index, identityOfFacts(shared), 'GB'))
    await sql`INSERT INTO grant_token (agency_id, token, referral_id, holder_agency_id) VALUES (${to.id}, ${token}, ${id}, ${from.id})`
}

/** What leaves with the lead: who they are, and what they still need of every kind. */
async function handedOver(sql: postgres.TransactionSql, { from, service }: Transfer, subject: Subject) {
  const needs = await sql<{ category: string; type: string | null; urgency: string }[]>`
    SELECT category, type, urgency::text AS urgency FROM need WHERE case_id = ${subject.case_id} AND state IN ('open', 'planned', 'being_met') ORDER BY code`
  const about = factsOf({ subject, category: 'legal', from, service }).filter(({ field }) => !field.startsWith('need.'))
  const ofNeeds = CATEGORY_KEYS.map((key) => ({
    field: `need.${key}`,
    value: needs.filter(({ category }) => category === key).map(({ type, urgency }) => ({ type, urgency })),
  }))
  return [...about, ...ofNeeds]
}
