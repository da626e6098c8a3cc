import type postgres from 'postgres'

import { networkSettings } from '@/lib/agencies/network-schema'
import { EXPLAINED_POINTS } from '@/lib/consent/schema'
import { tokensToFindBy } from '@/lib/people/find-tokens-service'
import type { IdentityRecord } from '@/lib/people/identity-schema'
import { placeOfVersion } from '@/lib/people/prepare-service'
import { open, sealText, type SealingKey } from '@/lib/platform/crypto/envelope'
import { newKey, unwrapPersonKey } from '@/lib/platform/crypto/key-tree'
import { wrapReferralKey } from '@/lib/platform/crypto/referral-keys'
import { newCode, newId } from '@/lib/platform/ids'
import { pauseFrom, startClock } from '@/lib/referrals/clock/rules'
import { identityOfFacts, nameToCallBy } from '@/lib/referrals/identity-rules'
import { partOf } from '@/lib/referrals/rules'
import type { ReferralState } from '@/lib/referrals/schema'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

const SEED = 4_001
const HOUR = 3_600_000

/** How each referral of a pair of agencies stands, and how many hours ago it was sent. */
const STANDINGS: readonly { readonly state: ReferralState; readonly hours: number; readonly overdue?: boolean }[] = [
  { state: 'sent', hours: 1 },
  { state: 'draft', hours: 0 },
  { state: 'sent', hours: 3, overdue: true },
  { state: 'acknowledged', hours: 5 },
  { state: 'info_requested', hours: 8 },
  { state: 'accepted', hours: 20 },
  { state: 'in_service', hours: 90 },
  { state: 'completed', hours: 200 },
  { state: 'closed', hours: 700 },
  { state: 'declined', hours: 60 },
  { state: 'withdrawn', hours: 120 },
  { state: 'expired', hours: 150 },
]

/** From whom, to whom, for which help: each pair has a referral in every state. */
const PAIRS = [
  { from: 'harbour', to: 'legalaid', category: 'legal' },
  { from: 'harbour', to: 'clinic', category: 'medical' },
  { from: 'legalaid', to: 'harbour', category: 'social' },
] as const

const REASONS = [
  'Would like to speak to somebody before the end of the week.',
  'An appointment in the morning is easiest.',
  'Has asked for this more than once.',
]

export const CALENDAR = {
  timeZone: 'Europe/London',
  workingDays: [1, 2, 3, 4, 5],
  opensMinute: 540,
  closesMinute: 1020,
  holidays: new Set<string>(),
}

export type Subject = {
  readonly case_id: string
  readonly case_code: string
  readonly person: string
  readonly band: number | null
  readonly gender: string | null
  readonly languages: readonly string[]
  readonly key_version: number
  readonly wrapped: Uint8Array
  readonly identity_version: number
  readonly sealed: Uint8Array
}

/** Writes referrals between agencies in every state, each with a consent that covers it and what it shows, sealed. */
export async function writeReferrals(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const chance = new Chance(SEED)
  for (const pair of PAIRS) {
    const [from, to] = [pair.from, pair.to].map((key) => agencies.find((agency) => agency.key === key))
    if (from === undefined || to === undefined) throw new Error('A pair of agencies of the demonstration is missing')
    const [service] = await sql<{ id: string; type: string }[]>`
      SELECT id, type FROM listed_service WHERE agency_id = ${to.id} AND category = ${pair.category} AND status = 'active' ORDER BY name LIMIT 1`
    const [sender = ''] = from.caseworkers
    const subjects = await subjectsOf(sql, from.id, STANDINGS.length, PAIRS.indexOf(pair) * STANDINGS.length)
    if (service === undefined) continue
    for (const [index, standing] of STANDINGS.entries()) {
      const subject = subjects[index]
      if (subject !== undefined)
        await writeOne(sql, {
          from,
          to,
          sender,
          service,
          category: pair.category,
          subject,
          standing,
          chance,
          now,
        })
    }
  }
  await writeRerouted(sql, agencies, chance, now)
}

/** One that was declined, and that a coordinator routed on: it waits for its sender to share, or to withdraw. */
async function writeRerouted(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  chance: Chance,
  now: Date,
): Promise<void> {
  const [from, to] = ['harbour', 'immigration'].map((key) => agencies.find((agency) => agency.key === key))
  if (from === undefined || to === undefined) return
  const [declined] = await sql<{ id: string; urgency: 'urgent' }[]>`
    SELECT r.id, r.urgency FROM referral r JOIN listed_service s ON s.id = r.listed_service_id
    WHERE r.agency_id = ${from.id} AND r.state = 'declined' AND s.category = 'legal'`
  const [coordinator] = await sql<{ id: string; agency_id: string }[]>`
    SELECT id, agency_id FROM member WHERE 'coordinator' = ANY (roles) AND status = 'active' LIMIT 1`
  const [service] = await sql<{ id: string }[]>`
    SELECT id FROM listed_service WHERE agency_id = ${to.id} AND category = 'legal' AND status = 'active' LIMIT 1`
  if (declined === undefined || coordinator === undefined || service === undefined) return
  const [id, at] = [newId(), new Date(now.getTime() - HOUR)]
  const limits = networkSettings.parse({}).referralLimits
  const clock = startClock({ calendar: CALENDAR, limits, expiry: 3 }, declined.urgency, at)
  await sql`
    INSERT INTO referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, state, fields, created_by_id,
      created_at, sent_at, rerouted_from_id, needs_from_id, awaits_basis, clock_started_at, acknowledge_half_at, acknowledge_by, acknowledge_late_at, decide_half_at, decide_by,
      decide_late_at, expires_at, next_at)
    SELECT ${id}, ${newCode('REF', chance.draw)}, r.case_id, r.person_id, r.holder_agency_id, r.agency_id, ${to.id}, ${service.id}, r.urgency, 'sent', r.fields,
      r.created_by_id, ${at}, ${at}, r.id, r.id, true, ${clock.startedAt}, ${clock.acknowledgeHalfAt}, ${clock.acknowledgeBy}, ${clock.acknowledgeLateAt},
      ${clock.decideHalfAt}, ${clock.decideBy}, ${clock.decideLateAt}, ${clock.expiresAt}, ${now}
    FROM referral r WHERE r.id = ${declined.id}`
  const keys = { preview: newKey(newId()), package: newKey(newId()) }
  await writeKey(sql, id, 'preview', from.id, from, keys.preview, at)
  await writeKey(sql, id, 'package', from.id, from, keys.package, at)
  await writeKey(sql, id, 'preview', from.id, to, keys.preview, at)
  for (const referral of [declined.id, id])
    await sql`
      INSERT INTO desk_act (id, referral_id, holder_agency_id, agency_id, member_id, kind, at)
      VALUES (${newId()}, ${referral}, ${from.id}, ${coordinator.agency_id}, ${coordinator.id}, 'rerouted', ${at})`
}

/** Open cases of an agency, the latest first, with what sealing their facts takes. */
export function subjectsOf(
  sql: postgres.TransactionSql,
  agency: string,
  count: number,
  skip: number,
): Promise<readonly Subject[]> {
  return sql<Subject[]>`
    SELECT c.id AS case_id, c.code AS case_code, p.id AS person, p.birth_band AS band, f.gender, f.languages,
      k.version AS key_version, k.wrapped, i.version AS identity_version, i.sealed
    FROM case_file c JOIN person p ON p.id = c.person_id JOIN person_profile f ON f.person_id = p.id JOIN person_key k ON k.person_id = p.id
    JOIN person_identity i ON i.person_id = p.id
    WHERE c.agency_id = ${agency} AND c.status = 'active' AND NOT c.restricted
    ORDER BY c.opened_on DESC, c.code LIMIT ${count} OFFSET ${skip}`
}

type One = {
  readonly from: LoadedAgency
  readonly to: LoadedAgency
  readonly sender: string
  readonly service: { readonly id: string; readonly type: string }
  readonly category: string
  readonly subject: Subject
  readonly standing: (typeof STANDINGS)[number]
  readonly chance: Chance
  readonly now: Date
}

async function writeOne(sql: postgres.TransactionSql, one: One): Promise<void> {
  const { from, to, sender, subject, standing, category, chance, now } = one
  const { state } = standing
  const [id, code, consent] = [newId(), newCode('REF', chance.draw), newCode('CON', chance.draw)]
  const at = new Date(now.getTime() - standing.hours * HOUR)
  const urgency = state === 'sent' && standing.overdue === true ? 'emergency' : 'urgent'
  const limits = networkSettings.parse({}).referralLimits
  const moments = startClock({ calendar: CALENDAR, limits, expiry: 3 }, urgency, at)
  const isSent = state !== 'draft'
  const answered = ['accepted', 'in_service', 'completed', 'closed', 'declined'].includes(state)
  const isGranted = ['accepted', 'in_service', 'completed', 'closed'].includes(state)
  const isOver = ['closed', 'declined', 'withdrawn', 'expired'].includes(state)
  const isLive = isSent && !isOver && state !== 'completed'
  const after = (hours: number) => new Date(Math.min(at.getTime() + hours * HOUR, now.getTime()))
  const keys = { preview: newKey(newId()), package: newKey(newId()) }
  const need = { id: newId(), code: newCode('NED', chance.draw) }
  const pause = state === 'info_requested' ? pauseFrom({ calendar: CALENDAR }, urgency, moments, after(4)) : null
  const facts = factsOf(one)

  // Whoever refers is on the case's team.
  await sql`
    INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
    SELECT ${newId()}, c.id, c.person_id, c.holder_agency_id, c.agency_id, ${sender}, false, ${at} FROM case_file c
    WHERE c.id = ${subject.case_id} AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = c.id AND a.member_id = ${sender} AND a.ended_at IS NULL)`
  await sql`
    INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, type, urgency, found_on, found_by_id, contact_due_at, created_at)
    VALUES (${need.id}, ${need.code}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${category}, ${one.service.type}, ${urgency},
      (${at}::timestamptz)::date, ${sender}, ${new Date(at.getTime() + 72 * HOUR)}, ${at})`
  await sql`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity, starts_on, ends_on,
      given_by, method, explained, recorded_by_id, recorded_at)
    VALUES (${newId()}, ${consent}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, 'sharing', 'given', ${to.id},
      ${sql.array([category])}, 'full', (${after(-24)}::timestamptz)::date, (${now}::timestamptz)::date + 365, 'person', 'spoken',
      ${sql.array([...EXPLAINED_POINTS])}, ${sender}, ${now})`
  await sql`
    INSERT INTO referral (id, code, case_id, person_id, holder_agency_id, agency_id, to_agency_id, listed_service_id, urgency, state, state_before, fields,
      created_by_id, created_at, sent_by_id, sent_at, acknowledged_at, answered_by_id, answered_at, service_since, completed_at, ended_at, ended_why,
      decline_reason, outcome, feedback, clock_started_at, acknowledge_half_at, acknowledge_by, acknowledge_late_at, decide_half_at, decide_by, decide_late_at,
      expires_at, paused_at, pause_ends_at, pause_clock, overdue_at, told, next_at)
    VALUES (${id}, ${code}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${to.id}, ${one.service.id}, ${urgency}, ${state},
      ${state === 'info_requested' ? 'acknowledged' : null}, ${sql.array(facts.map(({ field }) => field))},
      ${sender}, ${at}, ${isSent ? sender : null}, ${isSent ? at : null}, ${isSent && state !== 'sent' && state !== 'expired' ? after(0.5) : null},
      ${answered ? (to.caseworkers[0] ?? null) : null}, ${answered ? after(2) : null},
      ${['in_service', 'completed', 'closed'].includes(state) ? after(24) : null}, ${['completed', 'closed'].includes(state) ? after(150) : null},
      ${isOver ? after(160) : null}, ${state === 'withdrawn' ? 'sender' : null}, ${state === 'declined' ? 'no_capacity' : null},
      ${['completed', 'closed'].includes(state) ? 'achieved' : null}, ${state === 'closed' ? 'helped' : null},
      ${isSent ? moments.startedAt : null}, ${isSent ? moments.acknowledgeHalfAt : null}, ${isSent ? moments.acknowledgeBy : null},
      ${isSent ? moments.acknowledgeLateAt : null}, ${isSent ? moments.decideHalfAt : null}, ${isSent ? moments.decideBy : null},
      ${isSent ? moments.decideLateAt : null}, ${isSent ? moments.expiresAt : null}, ${state === 'info_requested' ? after(4) : null},
      ${pause?.endsAt ?? null}, ${pause === null ? null : sql.json(pause.clock)}, ${standing.overdue === true ? moments.acknowledgeBy : null},
      ${sql.array(standing.overdue === true ? ['ack_half', 'ack_by', 'ack_late', 'decide_half'] : isLive ? ['ack_half', 'ack_by', 'decide_half'] : [])}::text[],
      ${isLive || state === 'completed' ? now : null})`
  await sql`
    INSERT INTO referral_need (referral_id, need_id, case_id, holder_agency_id, agency_id, accepted)
    VALUES (${id}, ${need.id}, ${subject.case_id}, ${from.id}, ${from.id}, ${isGranted ? true : null})`
  for (const part of ['preview', 'package'] as const) {
    await writeKey(sql, id, part, from.id, from, keys[part], at)
    if (isLive && (part === 'preview' || isGranted)) await writeKey(sql, id, part, from.id, to, keys[part], at)
  }
  if (isSent)
    for (const { field, value } of facts) {
      const part = partOf(field)
      const place = { table: 'referral_field', column: 'sealed', row: `${id}:${field}:1`, agency: from.id }
      await sql`
        INSERT INTO referral_field (referral_id, field, version, part, holder_agency_id, agency_id, sealed, sealed_at)
        VALUES (${id}, ${field}, 1, ${part}, ${from.id}, ${from.id}, ${sealText(keys[part], place, JSON.stringify(value))}, ${at})`
    }
  for (const way of ['preview', 'package'] as const) {
    const left = facts.map(({ field }) => field).filter((field) => way === 'package' || partOf(field) === 'preview')
    if (!isSent || (way === 'package' && !isGranted)) continue
    await sql`
      INSERT INTO disclosure (at, case_id, person_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject, member_id)
      VALUES (${way === 'preview' ? at : after(2)}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${way}, 'agency', ${to.id}, 'sharing',
        ${sql.array(left)}, '{consent}', ${sql.array([consent])}, ${code}, ${way === 'preview' ? sender : null})`
  }
  await writeText(sql, one, id, keys.preview, 'reason', chance.pick(REASONS), from.id, sender, at)
  if (state === 'info_requested')
    await writeText(
      sql,
      one,
      id,
      keys.preview,
      'question',
      'Which language is best for them?',
      to.id,
      to.caseworkers[0] ?? '',
      after(4),
    )
  if (isGranted)
    await sql`
      INSERT INTO case_grant (id, referral_id, case_id, case_code, person_id, holder_agency_id, agency_id, categories, started_at, ended_at)
      VALUES (${newId()}, ${id}, ${subject.case_id}, ${subject.case_code}, ${subject.person}, ${from.id}, ${to.id}, ${sql.array([category])}, ${after(2)},
        ${isLive ? null : after(150)})`
  if (isGranted && isLive) {
    const shared = new Map(facts.map(({ field, value }) => [field, value]))
    for (const token of tokensToFindBy(to.keys.index, identityOfFacts(shared), 'GB'))
      await sql`INSERT INTO grant_token (agency_id, token, referral_id, holder_agency_id) VALUES (${to.id}, ${token}, ${id}, ${from.id})`
  }
  const needState = {
    accepted: 'planned',
    sent: 'planned',
    acknowledged: 'planned',
    info_requested: 'planned',
    in_service: 'being_met',
    completed: 'being_met',
    closed: 'met',
  }
  const moved = (needState as Record<string, string>)[state]
  if (moved !== undefined) await sql`UPDATE need SET state = ${moved}::need_state WHERE id = ${need.id}`
}

/** What leaves: who they are and how to call them, in the shapes of lib/referrals/facts-schema.ts. */
export function factsOf({
  subject,
  category,
  from,
  service,
}: Pick<One, 'subject' | 'category' | 'from' | 'service'>): readonly {
  readonly field: string
  readonly value: unknown
}[] {
  const key = unwrapPersonKey(from.keys.data, subject.person, subject.key_version, subject.wrapped)
  const place = placeOfVersion('person_identity', from.id, subject.person, subject.identity_version)
  const identity = JSON.parse(open(key, place, subject.sealed).toString('utf8')) as IdentityRecord
  const stated = (value: unknown) => (value === null ? { state: 'not_asked' } : { state: 'stated', value })
  const languages =
    subject.languages.length === 0 ? { state: 'not_asked' } : { state: 'stated', values: subject.languages }
  return [
    { field: 'profile.birth_band', value: stated(subject.band) },
    { field: 'profile.gender', value: stated(subject.gender) },
    { field: 'profile.languages', value: { languages, interpreter: { state: 'not_asked' } } },
    { field: `need.${category}`, value: [{ type: service.type, urgency: 'urgent' }] },
    { field: 'contact.name', value: nameToCallBy(identity) },
    { field: 'identity.names', value: { names: identity.names, aliases: identity.aliases } },
  ]
}

/** Writes a key of a referral, wrapped for one side. */
export async function writeKey(
  sql: postgres.TransactionSql,
  referral: string,
  part: 'preview' | 'package',
  holder: string,
  side: LoadedAgency,
  key: SealingKey,
  at: Date,
): Promise<void> {
  await sql`
    INSERT INTO referral_key (referral_id, part, agency_id, holder_agency_id, key_id, wrap_version, wrapped, made_at)
    VALUES (${referral}, ${part}, ${side.id}, ${holder}, ${key.id}, ${side.keys.data.version}, ${wrapReferralKey(side.keys.data, part, key)}, ${at})`
}

/** Writes what one side says to the other, sealed. */
export async function writeText(
  sql: postgres.TransactionSql,
  { from }: Pick<One, 'from'>,
  referral: string,
  key: SealingKey,
  kind: string,
  text: string,
  agency: string,
  member: string,
  at: Date,
): Promise<void> {
  const id = newId()
  const sealed = sealText(key, { table: 'referral_text', column: 'sealed', row: id, agency: from.id }, text)
  await sql`
    INSERT INTO referral_text (id, referral_id, kind, holder_agency_id, agency_id, sealed, written_by_id, written_at)
    VALUES (${id}, ${referral}, ${kind}, ${from.id}, ${agency}, ${sealed}, ${member}, ${at})`
}
