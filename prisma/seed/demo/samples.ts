import type postgres from 'postgres'

import { SAMPLE_QUESTIONS, type SampleAnswer, type SampleQuestion } from '@/lib/oversight/samples/schema'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

const SEED = 4_711
const SIZE = 20
const READ = 8
const AGO = { drawn: 9, read: 6 } as const

/** Where something of concern is said, by position in the sample; the rest is in order or can't be told. */
const CONCERNS: Readonly<Record<number, SampleQuestion>> = { 3: 'consent', 7: 'response' }

/** Writes a sample of case files that the demonstration's auditor drew last week and has half read. */
export async function writeSample(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const chance = new Chance(SEED)
  const body = agencies.find(({ key }) => key === 'rapporteur')
  const [auditor] = await sql<{ id: string; network: string }[]>`
    SELECT m.id, a.network_id AS network FROM member m JOIN agency a ON a.id = m.agency_id
    WHERE a.id = ${body?.id ?? ''} AND 'auditor' = ANY (m.roles) ORDER BY m.email LIMIT 1`
  if (body === undefined || auditor === undefined) throw new Error('The demonstration has an auditor')
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const [made] = await sql<{ code: string | null }[]>`
    SELECT app.draw_sample_for(${body.id}, ${auditor.id}, ${auditor.network}, 'ordinary', 'agency', ${SIZE}::int, ${SEED}::int, ${ago(AGO.drawn)}) AS code`
  const [drawn] = await sql<{ id: string }[]>`SELECT id FROM oversight_sample WHERE code = ${made?.code ?? ''}`
  if (drawn === undefined) throw new Error('The demonstration has case files')
  for (let position = 1; position <= READ; position += 1) {
    await sql`
      UPDATE oversight_sample_file SET version = 2, read_at = ${ago(AGO.read)} WHERE sample_id = ${drawn.id} AND position = ${position}`
    const answerTo = (question: SampleQuestion): SampleAnswer => {
      if (CONCERNS[position] === question) return 'concern'
      return chance.is(0.8) ? 'in_order' : 'cannot_tell'
    }
    const rows = SAMPLE_QUESTIONS.map((question) => ({
      sample_id: drawn.id,
      position,
      version: 2,
      question,
      agency_id: body.id,
      answer: answerTo(question),
      answered_by_id: auditor.id,
      answered_at: ago(AGO.read),
    }))
    await sql`INSERT INTO oversight_sample_answer ${sql(rows)}`
  }
}
