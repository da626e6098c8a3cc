import type postgres from 'postgres'

import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { paragraphsFor } from '@/lib/mandate/rules'
import { newCode, newId } from '@/lib/platform/ids'

import type { Office } from './office'

/** What a frozen period counts of a person: one need, and when its first service came. */
export type CountedNeed = {
  readonly language: string
  readonly gender?: string
  readonly foundOn: string
  /** A day, or null for no service. */
  readonly servedOn: string | null
  readonly met?: boolean
  /** What the person answered about statistics; not asked unless told. */
  readonly statistics?: 'given' | 'refused'
  readonly restricted?: boolean
}

const CATEGORY = 'social'
const TYPE = 'emergency_shelter'

/** Adds a person with one need of the social category for each of these, all at once; returns the persons' ids. */
export async function needsInBulk(sql: postgres.Sql, at: Office, needs: readonly CountedNeed[]): Promise<string[]> {
  const both = { holder_agency_id: at.agency.id, agency_id: at.agency.id }
  const member = at.caseworker.member
  const made = needs.map((need) => ({ need, person: newId(), case: newId(), id: newId(), service: newId() }))
  const of = (one: (typeof made)[number]) => ({ case_id: one.case, person_id: one.person, ...both })
  const served = made.flatMap((one) => (one.need.servedOn === null ? [] : [{ ...one, on: one.need.servedOn }]))
  const asked = made.flatMap((one) =>
    one.need.statistics === undefined ? [] : [{ ...one, answer: one.need.statistics }],
  )
  await sql.begin(async (tx) => {
    const add = async (table: string, rows: readonly Record<string, postgres.SerializableParameter | null>[]) => {
      if (rows.length > 0) await tx`INSERT INTO ${tx(table)} ${tx([...rows])}`
    }
    await add(
      'person',
      made.map(({ person }) => ({
        id: person,
        code: newCode('AMP'),
        ...both,
        registered_by_id: member,
        birth_band: 1995,
      })),
    )
    await add(
      'person_profile',
      made.map(({ person, need }) => ({
        person_id: person,
        ...both,
        gender_state: 'stated',
        gender: need.gender ?? 'Feminine',
        language_state: 'stated',
        languages: tx.array([need.language]) as unknown as string,
      })),
    )
    await add(
      'case_file',
      made.map((one) => ({
        id: one.case,
        code: newCode('CAS'),
        person_id: one.person,
        ...both,
        lead_agency_id: at.agency.id,
        number: 1,
        opened_on: one.need.foundOn,
        restricted: one.need.restricted ?? false,
      })),
    )
    await add(
      'case_content',
      made.map((one) => of(one)),
    )
    await add(
      'need',
      made.map((one) => ({
        id: one.id,
        code: newCode('NED'),
        ...of(one),
        category: CATEGORY,
        type: TYPE,
        urgency: 'urgent',
        state: one.need.met === true ? 'met' : 'open',
        found_on: one.need.foundOn,
        found_by_id: member,
        contact_due_at: new Date(Date.parse(`${one.need.foundOn}T11:00:00Z`) + 3 * 86_400_000),
        restricted: one.need.restricted ?? false,
      })),
    )
    await add(
      'service',
      served.map((one) => ({
        id: one.service,
        code: newCode('SVC'),
        ...of(one),
        need_id: one.id,
        category: CATEGORY,
        type: TYPE,
        delivered_on: one.on,
        worker_id: member,
      })),
    )
    const bases = paragraphsFor({ category: CATEGORY, type: TYPE, adaptations: [], protectsAroundProceedings: false })
    await add(
      'service_mandate',
      served.flatMap(({ service }) =>
        bases.map(({ paragraph, reason }) => ({ service_id: service, paragraph, reason, ...both })),
      ),
    )
    await add(
      'consent',
      asked.map((one) => ({
        id: newId(),
        code: newCode('CON'),
        ...of(one),
        purpose: 'statistics',
        answer: one.answer,
        categories: tx.array([...CATEGORY_KEYS]) as unknown as string,
        identity: 'none',
        starts_on: one.need.foundOn,
        given_by: 'person',
        method: 'spoken',
        recorded_by_id: member,
      })),
    )
  })
  return made.map(({ person }) => person)
}
