import type postgres from 'postgres'

import { EXPLAINED_POINTS } from '@/lib/consent/schema'
import { newCode, newId } from '@/lib/platform/ids'
import type { ConsentSays, Direction, PaperState } from '@/lib/referrals/paper/schema'

import { Chance } from '../random'
import type { LoadedAgency } from './office'
import { subjectsOf, type Subject } from './referrals'

const SEED = 4_003

/** Cases before these have referrals of other kinds. */
const SKIPPED = 60

type Standing = {
  readonly direction: Direction
  /** What happened so far, each with the day before today on which it did. */
  readonly steps: readonly (readonly [PaperState, number])[]
  readonly says?: ConsentSays
}

const FIELDS = ['contact.name', 'need.medical', 'profile.birth_band', 'profile.languages']

/** Forms in every state: to agencies without Amparo, and from them. */
const STANDINGS: readonly Standing[] = [
  { direction: 'out', steps: [] },
  { direction: 'out', steps: [['handed_over', 2]] },
  {
    direction: 'out',
    steps: [
      ['handed_over', 9],
      ['acknowledged', 7],
    ],
  },
  {
    direction: 'out',
    steps: [
      ['handed_over', 20],
      ['accepted', 16],
    ],
  },
  {
    direction: 'out',
    steps: [
      ['handed_over', 60],
      ['accepted', 55],
      ['completed', 12],
    ],
  },
  {
    direction: 'out',
    steps: [
      ['handed_over', 30],
      ['declined', 25],
    ],
  },
  {
    direction: 'out',
    steps: [
      ['handed_over', 14],
      ['withdrawn', 10],
    ],
  },
  { direction: 'in', says: 'signed', steps: [['received', 1]] },
  {
    direction: 'in',
    says: 'spoken',
    steps: [
      ['received', 6],
      ['acknowledged', 5],
    ],
  },
  {
    direction: 'in',
    says: 'guardian',
    steps: [
      ['received', 40],
      ['accepted', 38],
      ['completed', 4],
    ],
  },
  {
    direction: 'in',
    says: 'nothing',
    steps: [
      ['received', 22],
      ['declined', 21],
    ],
  },
]

/** Writes harbour's forms on paper, each with the need that it is for, and for those that left a consent and the ledger's line. */
export async function writePapers(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const chance = new Chance(SEED)
  const from = agencies.find(({ key }) => key === 'harbour')
  const other = agencies.find(({ key }) => key === 'surgery')
  const [worker] = from?.caseworkers ?? []
  if (from === undefined || other === undefined || worker === undefined)
    throw new Error('The demonstration lacks an agency without Amparo')
  const subjects = await subjectsOf(sql, from.id, STANDINGS.length, SKIPPED)
  for (const [index, standing] of STANDINGS.entries()) {
    const subject = subjects[index]
    if (subject !== undefined) await writeOne(sql, { from, other, worker, subject, standing, chance, now })
  }
}

type One = {
  readonly from: LoadedAgency
  readonly other: LoadedAgency
  readonly worker: string
  readonly subject: Subject
  readonly standing: Standing
  readonly chance: Chance
  readonly now: Date
}

async function writeOne(sql: postgres.TransactionSql, one: One): Promise<void> {
  const { from, other, worker, subject, standing, chance, now } = one
  const { direction, steps } = standing
  const isOut = direction === 'out'
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const at = ago((steps[0]?.[1] ?? 0) + (isOut ? 1 : 0))
  const [id, code, consent] = [newId(), newCode('PRF', chance.draw), newCode('CON', chance.draw)]
  const need = { id: newId(), code: newCode('NED', chance.draw) }
  const state = steps.at(-1)?.[0] ?? 'prepared'
  const isWaiting = isOut && ['handed_over', 'acknowledged', 'accepted'].includes(state)
  await sql`
    INSERT INTO assignment (id, case_id, person_id, holder_agency_id, agency_id, member_id, lead, started_at)
    SELECT ${newId()}, c.id, c.person_id, c.holder_agency_id, c.agency_id, ${worker}, false, ${at} FROM case_file c
    WHERE c.id = ${subject.case_id} AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.case_id = c.id AND a.member_id = ${worker} AND a.ended_at IS NULL)`
  await sql`
    INSERT INTO need (id, code, case_id, person_id, holder_agency_id, agency_id, category, urgency, state, found_on, found_by_id, contact_due_at, created_at)
    VALUES (${need.id}, ${need.code}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, 'medical', 'urgent', ${isWaiting ? 'planned' : 'open'},
      (${at}::timestamptz)::date, ${worker}, ${new Date(at.getTime() + 72 * 3_600_000)}, ${at})`
  await sql`
    INSERT INTO paper_referral (id, code, direction, case_id, person_id, holder_agency_id, agency_id, other_agency_id, urgency, categories, needs, fields,
      consent_says, state, created_by_id, created_at, version)
    VALUES (${id}, ${code}, ${direction}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, ${other.id}, 'urgent', '{medical}', ${sql.array([need.code])},
      ${sql.array(isOut ? FIELDS : [])}::text[], ${standing.says ?? null}, ${state}, ${worker}, ${at}, ${steps.length + 1})`
  for (const [step, days] of steps)
    await sql`
      INSERT INTO paper_step (id, paper_referral_id, case_id, holder_agency_id, agency_id, step, happened_on, way, decline_reason, outcome, entered_by_id, entered_at)
      VALUES (${newId()}, ${id}, ${subject.case_id}, ${from.id}, ${from.id}, ${step}, (${ago(days)}::timestamptz)::date, ${step === 'handed_over' ? 'sealed_envelope' : null},
        ${step === 'declined' ? 'no_capacity' : null}, ${step === 'completed' ? 'achieved' : null}, ${worker}, ${ago(Math.max(days - 1, 0))})`
  if (!isOut) return
  await sql`
    INSERT INTO consent (id, code, case_id, person_id, holder_agency_id, agency_id, purpose, answer, to_agency_id, categories, identity, starts_on, ends_on,
      given_by, method, explained, recorded_by_id, recorded_at)
    VALUES (${newId()}, ${consent}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, 'sharing', 'given', ${other.id}, '{medical}', 'contact',
      (${at}::timestamptz)::date, (${now}::timestamptz)::date + 365, 'person', 'spoken', ${sql.array([...EXPLAINED_POINTS])}, ${worker}, ${at})`
  if (steps.length > 0)
    await sql`
      INSERT INTO disclosure (at, case_id, person_id, holder_agency_id, agency_id, way, receiver, to_agency_id, purpose, fields, bases, basis_codes, subject, member_id)
      VALUES (${at}, ${subject.case_id}, ${subject.person}, ${from.id}, ${from.id}, 'print', 'agency', ${other.id}, 'sharing', ${sql.array(FIELDS)}, '{consent}',
        ${sql.array([consent])}, ${code}, ${worker})`
}
