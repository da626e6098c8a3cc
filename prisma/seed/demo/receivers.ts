import type postgres from 'postgres'

import { FIELD_KEYS } from '@/lib/consent/fields'
import { paragraphsFor } from '@/lib/mandate/rules'
import { preparePerson } from '@/lib/people/prepare-service'
import { sealUnder } from '@/lib/people/sealing'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { wrapReferralKey } from '@/lib/platform/crypto/referral-keys'
import { newCode, newId } from '@/lib/platform/ids'
import { copyOf } from '@/lib/referrals/own-file/rules'

import { Chance } from '../random'
import { named } from './case-rows'
import type { LoadedAgency } from './office'
import { factsOf, type Subject } from './referrals'

const SEED = 4_701
const HOUR = 3_600_000

type Helped = Subject & {
  readonly referral: string
  readonly code: string
  readonly need: string
  readonly type: string
}

/** What a receiver has of its own of a referral under way: help on the case with a note that stays with it, and a file. */
export async function writeWhatReceiversKeep(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const [from, to] = ['harbour', 'clinic'].map((key) => agencies.find((agency) => agency.key === key))
  const worker = to?.caseworkers[0]
  if (from === undefined || to === undefined || worker === undefined) return
  const [helped] = await sql<Helped[]>`
    SELECT r.id AS referral, r.code, x.need_id AS need, s.type, c.id AS case_id, c.code AS case_code, p.id AS person, p.birth_band AS band, f.gender, f.languages,
      k.version AS key_version, k.wrapped, i.version AS identity_version, i.sealed
    FROM referral r JOIN case_file c ON c.id = r.case_id JOIN person p ON p.id = r.person_id JOIN person_profile f ON f.person_id = p.id
    JOIN person_key k ON k.person_id = p.id JOIN person_identity i ON i.person_id = p.id JOIN referral_need x ON x.referral_id = r.id
    JOIN listed_service s ON s.id = r.listed_service_id
    WHERE r.agency_id = ${from.id} AND r.to_agency_id = ${to.id} AND r.state = 'in_service' ORDER BY r.id LIMIT 1`
  if (helped === undefined) return
  const chance = new Chance(SEED)
  await writeHelp(sql, { from, to, worker, helped, chance, now })
  await writeOwnFile(sql, { from, to, worker, helped, chance, now })
}

type One = {
  readonly from: LoadedAgency
  readonly to: LoadedAgency
  readonly worker: string
  readonly helped: Helped
  readonly chance: Chance
  readonly now: Date
}

async function writeHelp(sql: postgres.TransactionSql, { from, to, worker, helped, chance, now }: One): Promise<void> {
  const [service, note, key] = [newId(), newId(), newKey(newId())]
  const at = new Date(now.getTime() - 20 * HOUR)
  const by = { holder_agency_id: from.id, agency_id: to.id }
  await sql`
    INSERT INTO service (id, code, case_id, person_id, holder_agency_id, agency_id, need_id, category, type, delivered_on, status, worker_id, has_note, entered_at)
    VALUES (${service}, ${newCode('SVC', chance.draw)}, ${helped.case_id}, ${helped.person}, ${from.id}, ${to.id}, ${helped.need}, 'medical',
      ${helped.type}, (${at}::timestamptz)::date, 'delivered', ${worker}, true, ${at})`
  for (const { paragraph, reason } of paragraphsFor({
    category: 'medical',
    type: helped.type,
    adaptations: [],
    protectsAroundProceedings: false,
  }))
    await sql`INSERT INTO service_mandate ${sql({ service_id: service, paragraph, ...by, restricted: false, reason })}`
  await sql`
    INSERT INTO service_detail ${sql({ service_id: service, case_id: helped.case_id, ...by, mode: 'in_person', place_kind: 'health_facility', minutes: 30, origin: 'referral' })}`
  await sql`
    INSERT INTO referral_key (referral_id, part, agency_id, holder_agency_id, key_id, wrap_version, wrapped, made_at)
    VALUES (${helped.referral}, 'notes', ${to.id}, ${from.id}, ${key.id}, ${to.keys.data.version}, ${wrapReferralKey(to.keys.data, 'notes', key)}, ${at})`
  const place = { table: 'service_note', column: 'sealed', row: note }
  const sealed = sealUnder(key, to.id, place, 'Slept better this week. Comes again in a fortnight.')
  await sql`
    INSERT INTO service_note ${sql({ id: note, service_id: service, case_id: helped.case_id, ...by, sealed, written_by_id: worker, written_at: at })}`
}

/** The clinic's own record, by the law on medical records. */
async function writeOwnFile(
  sql: postgres.TransactionSql,
  { from, to, worker, helped, chance, now }: One,
): Promise<void> {
  const facts = new Map(
    factsOf({ subject: helped, category: 'medical', from, service: { id: '', type: helped.type } }).flatMap(
      ({ field, value }) => FIELD_KEYS.filter((key) => key === field).map((key) => [key, value] as const),
    ),
  )
  const copy = copyOf(facts)
  const at = new Date(now.getTime() - 24 * HOUR)
  const person = preparePerson(to.keys, copy.person, {
    ...{ agency: to.id, country: 'GB', member: worker, at },
    code: newCode('AMP', chance.draw),
  })
  await sql`INSERT INTO person ${sql(named(person.person))}`
  await sql`INSERT INTO person_key ${sql(named(person.personKey))}`
  await sql`INSERT INTO person_identity ${sql(named(person.identity))}`
  await sql`INSERT INTO person_profile ${sql(named(person.profile))}`
  for (const token of person.tokens) await sql`INSERT INTO search_token ${sql(named(token))}`
  const [own, file, who] = [newId(), newId(), person.person.id]
  const of = { case_id: own, person_id: who, holder_agency_id: to.id, agency_id: to.id }
  await sql`
    INSERT INTO case_file (id, code, person_id, holder_agency_id, agency_id, lead_agency_id, unit_id, number, status, stage, opened_on, created_at)
    VALUES (${own}, ${newCode('CAS', chance.draw)}, ${who}, ${to.id}, ${to.id}, ${to.id}, ${to.units[0] ?? null}, 1, 'active', 'presumed',
      (${at}::timestamptz)::date, ${at})`
  await sql`INSERT INTO case_content ${sql({ ...of, updated_at: at })}`
  await sql`INSERT INTO assignment ${sql({ id: newId(), ...of, member_id: worker, lead: true, started_at: at })}`
  const fields = [...facts.keys()]
  await sql`
    INSERT INTO own_file (id, referral_id, case_id, person_id, holder_agency_id, agency_id, fields, opened_by_id, opened_at, checked_at)
    VALUES (${file}, ${helped.referral}, ${helped.case_id}, ${helped.person}, ${from.id}, ${to.id}, ${sql.array(fields)}, ${worker}, ${at}, ${now})`
  await sql`INSERT INTO own_file_record ${sql({ own_file_id: file, ...of, known_before: false })}`
  await sql`
    INSERT INTO own_file_basis (id, own_file_id, person_id, holder_agency_id, agency_id, kind, duty, basis_codes, recorded_by_id, recorded_at)
    SELECT ${newId()}, ${file}, ${who}, ${to.id}, ${to.id}, 'legal_duty', 'medical_records', ARRAY[l.code], ${worker}, ${at}
    FROM lawful_basis l WHERE l.agency_id = ${to.id} AND l.purpose = 'case_management' AND l.basis = 'legal_duty'`
  await sql`
    INSERT INTO disclosure (at, case_id, person_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject)
    SELECT ${at}, ${helped.case_id}, ${helped.person}, ${from.id}, ${from.id}, 'own_file', 'agency', ${to.id}, 'own_file', ${sql.array(fields)}, '{legal_duty}',
      b.basis_codes, ${helped.code} FROM own_file_basis b WHERE b.own_file_id = ${file}`
}
