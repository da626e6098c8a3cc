import type postgres from 'postgres'

import { sealedFor } from '@/lib/oversight/complaints/filing-service'
import type {
  AnswerWay,
  ComplaintGround,
  ComplaintResult,
  ComplaintState,
  ComplaintSubject,
  NextStep,
} from '@/lib/oversight/complaints/schema'
import { newCode, newId } from '@/lib/platform/ids'

import { Chance } from '../random'
import type { LoadedAgency } from './office'
import { subjectsOf } from './referrals'

const SEED = 6_050

/** Cases before these have forms and referrals. */
const SKIPPED = 120

type Told = {
  readonly about: string | null
  readonly days: number
  readonly subject: ComplaintSubject
  readonly ground?: ComplaintGround
  readonly text?: string
  readonly by?: AnswerWay
  /** Whether the person let the body know which case it is. */
  readonly isTold?: boolean
  readonly isMember?: boolean
  readonly state: ComplaintState
  readonly answer?: readonly [ComplaintResult, NextStep]
}

/** Complaints in every state, of people and of members. */
const TOLD: readonly Told[] = [
  {
    ...{ about: 'harbour', days: 1, subject: 'waited_too_long', by: 'receipt', state: 'new' },
    text: 'They said the interpreter comes on Thursdays. I waited three Thursdays.',
  },
  {
    ...{ about: 'harbour', days: 3, subject: 'treated_unequally', ground: 'language', isTold: true, state: 'new' },
    text: 'Others who came after me got a room before me.',
  },
  { about: null, days: 4, subject: 'other', isMember: true, state: 'new', text: 'The forms are too long at night.' },
  {
    ...{ about: 'immigration', days: 9, subject: 'treated_badly', by: 'paper', state: 'answered' },
    text: 'I was asked in front of everybody why I have no papers.',
    answer: ['right', 'agency_asked'],
  },
  { about: 'clinic', days: 12, subject: 'praise', by: 'none', state: 'closed', text: '谢谢护士，她很耐心。' },
  {
    ...{ about: 'legalaid', days: 15, subject: 'data_shared', isMember: true, state: 'looked_at' },
    text: 'A list of cases lay open at reception.',
  },
  {
    ...{ about: 'legalaid', days: 30, subject: 'refused_help', by: 'receipt', state: 'answered' },
    answer: ['not_clear', 'looked_into_further'],
  },
  {
    ...{ about: 'harbour', days: 70, subject: 'waited_too_long', by: 'receipt', state: 'closed' },
    text: 'Nobody called back for two weeks.',
    answer: ['partly_right', 'agency_changes'],
  },
]

/** Writes what people complained of to the body that oversees, with the slips that they were given. */
export async function writeComplaints(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const chance = new Chance(SEED)
  const body = agencies.find(({ key }) => key === 'rapporteur')
  if (body === undefined) throw new Error('The demonstration lacks a body that oversees')
  const [auditor] = await sql<
    { id: string }[]
  >`SELECT id FROM member WHERE agency_id = ${body.id} AND 'auditor' = ANY (roles)`
  for (const told of TOLD) {
    const about = agencies.find(({ key }) => key === told.about)
    const at = new Date(now.getTime() - told.days * 86_400_000)
    const id = newId(at)
    const text = told.text === undefined ? null : sealedFor(body.keys.data, id, told.text)
    const needsSlip = told.isTold === true || told.by === 'paper'
    const isMoved = told.state !== 'new'
    const complaint = {
      ...{ id, code: newCode('CPL', chance.draw), agency_id: body.id },
      ...{ source: told.isMember === true ? 'member' : 'person', about_agency_id: about?.id ?? null },
      slip_id: needsSlip && about !== undefined ? await writeSlip(sql, about, chance, at) : null,
      ...{ told_case: told.isTold === true, subject: told.subject, ground: told.ground ?? null },
      ...{ answer_by: told.by ?? 'receipt', locale: 'en', sealed: text?.sealed ?? null, filed_at: at },
      ...{ state: told.state, result: told.answer?.[0] ?? null, next_step: told.answer?.[1] ?? null },
      ...{ moved_at: isMoved ? at : null, moved_by_id: isMoved ? (auditor?.id ?? null) : null },
      version: isMoved ? 2 : 1,
    }
    await sql`INSERT INTO complaint ${sql(complaint)}`
    if (text !== null)
      await sql`
        INSERT INTO complaint_key (complaint_id, agency_id, wrap_version, wrapped) VALUES (${id}, ${body.id}, 1, ${text.wrapped})`
  }
}

/** The slip of one of the agency's cases. */
async function writeSlip(
  sql: postgres.TransactionSql,
  agency: LoadedAgency,
  chance: Chance,
  at: Date,
): Promise<string | null> {
  const [subject] = await subjectsOf(sql, agency.id, 1, SKIPPED)
  const [worker] = agency.caseworkers
  if (subject === undefined || worker === undefined) return null
  const id = newId(at)
  const slip = {
    ...{ id, code: newCode('CMP', chance.draw), envelope: newCode('ENV', chance.draw) },
    ...{ case_id: subject.case_id, person_id: subject.person },
    ...{ holder_agency_id: agency.id, agency_id: agency.id, printed_by_id: worker, printed_at: at },
  }
  await sql`INSERT INTO complaint_slip ${sql(slip)}`
  return id
}
