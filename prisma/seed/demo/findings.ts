import type postgres from 'postgres'

import { sealText, type SealingKey } from '@/lib/platform/crypto/envelope'
import { wrapFindingKey } from '@/lib/platform/crypto/finding-keys'
import { newKey } from '@/lib/platform/crypto/key-tree'
import { newCode, newId } from '@/lib/platform/ids'
import { addDays, dayIn } from '@/lib/platform/zone'

import { Chance } from '../random'
import type { LoadedAgency } from './office'

const SEED = 7_017

type Said = readonly [kind: 'statement' | 'asked' | 'answer' | 'action' | 'reopened', text: string, days: number]

type DemoFinding = {
  readonly agency: string
  readonly rule: string
  readonly subject: string
  readonly state: 'draft' | 'sent' | 'answered' | 'accepted' | 'reopened' | 'withdrawn'
  /** What was written, by whom, and how many days ago. */
  readonly texts: readonly Said[]
  /** Days from today. */
  readonly answerDue: number
  readonly actionDue?: number
  readonly doneOn?: number
  readonly sent?: number
  readonly answered?: number
  readonly closed?: number
}

const FINDINGS: readonly DemoFinding[] = [
  {
    agency: 'harbour',
    rule: 'interpreter_missing',
    subject: 'special_needs',
    state: 'sent',
    sent: 6,
    answerDue: 8,
    texts: [
      ['statement', 'Help was given in a language that the person does not speak, week after week.', 7],
      ['asked', 'Say why no interpreter came, and make sure that one is booked with the appointment.', 7],
    ],
  },
  {
    agency: 'harbour',
    rule: 'help_tied_to_cooperation',
    subject: 'equal_help',
    state: 'reopened',
    sent: 40,
    answered: 30,
    answerDue: -2,
    texts: [
      ['statement', 'Needs were closed as not eligible where the person takes no part in proceedings.', 41],
      ['asked', 'Look at each of them again, and say what eligibility hung on.', 41],
      ['answer', 'We have spoken with the teams.', 30],
      ['action', 'A note in the handbook.', 30],
      ['reopened', 'The answer does not say what became of these needs. Say so, one by one.', 16],
    ],
  },
  {
    agency: 'harbour',
    rule: 'child_without_best_interests',
    subject: 'special_needs',
    state: 'answered',
    sent: 20,
    answered: 3,
    answerDue: -6,
    actionDue: 25,
    texts: [
      ['statement', 'Children were helped for weeks before anybody wrote down what is best for them.', 21],
      ['asked', 'Say who decides that it is written, and by when.', 21],
      ['answer', 'The first meeting with a child now ends with it. Two of these had left before we met.', 3],
      ['action', 'A line in the plan of the first week, looked at by the supervisor every Monday.', 3],
    ],
  },
  {
    agency: 'harbour',
    rule: 'special_need_not_met',
    subject: 'special_needs',
    state: 'accepted',
    sent: 90,
    answered: 80,
    closed: 76,
    answerDue: -76,
    actionDue: -50,
    doneOn: -55,
    texts: [
      ['statement', 'A disability is known, and nothing was adapted to it for two months.', 91],
      ['asked', 'Go through these cases with the teams and say what each of them needs.', 91],
      ['answer', 'Most needed a room on the ground floor, and it was there. Nobody wrote it down.', 80],
      ['action', 'What was adapted is asked for whenever a service is logged.', 80],
    ],
  },
  {
    agency: 'clinic',
    rule: 'interpreter_missing',
    subject: 'special_needs',
    state: 'draft',
    answerDue: 20,
    texts: [
      ['statement', 'Appointments went ahead without the interpreter whom the record asks for.', 1],
      ['asked', 'Say what you will change.', 1],
    ],
  },
  {
    agency: 'legalaid',
    rule: 'special_need_not_met',
    subject: 'special_needs',
    state: 'withdrawn',
    closed: 10,
    answerDue: 3,
    texts: [
      ['statement', 'A disability is known, and nothing was adapted to it.', 11],
      ['asked', 'Say what was done.', 11],
    ],
  },
]

/**
 * Writes findings in every state, as the rapporteur's auditor and the agencies' supervisors would have made them: from rules
 * that the demonstration's cases break, with the evidence that the database freezes. Looks at the rules first.
 */
export async function writeFindings(
  sql: postgres.TransactionSql,
  agencies: readonly LoadedAgency[],
  now: Date,
): Promise<void> {
  const chance = new Chance(SEED)
  const body = agencies.find(({ key }) => key === 'rapporteur')
  if (body === undefined) throw new Error('No rapporteur in the demonstration')
  await asDefiner(sql, async () => {
    const look = async () => (await sql<{ n: number }[]>`SELECT app.look_at_rules('1 hour') AS n`)[0]?.n ?? 0
    while ((await look()) > 0);
  })
  const auditor = await memberOf(sql, body.id, 'auditor')
  for (const finding of FINDINGS) {
    const concerned = agencies.find(({ key }) => key === finding.agency)
    if (concerned === undefined) throw new Error(`No agency ${finding.agency} in the demonstration`)
    await writeFinding(sql, finding, { body, concerned, auditor, now, code: newCode('FND', chance.draw) })
  }
}

type Sides = {
  readonly body: LoadedAgency
  readonly concerned: LoadedAgency
  readonly auditor: string
  readonly now: Date
  readonly code: string
}

async function writeFinding(sql: postgres.TransactionSql, finding: DemoFinding, sides: Sides): Promise<void> {
  const { body, concerned, auditor, now, code } = sides
  const id = newId()
  const ago = (days: number | undefined) => (days === undefined ? null : new Date(now.getTime() - days * 86_400_000))
  const day = (days: number | undefined) => (days === undefined ? null : addDays(dayIn(concerned.timeZone, now), days))
  const made = ago(finding.texts[0]?.[2])
  const written = await asDefiner(
    sql,
    () => sql`
      INSERT INTO finding (id, code, agency_id, to_agency_id, made_by_id, made_at, source_kind, source_code, grade, basis, subject, headline, evidence,
        evidence_hash, evidence_at, state, answer_due, sent_at, answered_at, closed_at, action_due, action_done_on)
      SELECT ${id}, ${code}, ${body.id}, ${concerned.id}, ${auditor}, ${made}, 'rule', r.key, r.grade, r.basis, ${finding.subject},
        app.finding_headline('rule', f.frozen), f.frozen, encode(sha256(convert_to(f.frozen::text, 'UTF8')), 'hex'), ${made}, ${finding.state},
        ${day(finding.answerDue)}::date, ${ago(finding.sent)}, ${ago(finding.answered)}, ${ago(finding.closed)}, ${day(finding.actionDue)}::date,
        ${day(finding.doneOn)}::date
      FROM agency a JOIN oversight_rule r ON r.key = ${finding.rule}
      CROSS JOIN LATERAL (SELECT app.freeze_finding('rule', ${body.id}, a.network_id, r.key, NULL, a.id) AS frozen) f
      WHERE a.id = ${concerned.id} AND f.frozen IS NOT NULL`,
  )
  // On some days nothing of the year breaks a rule at an agency; then nobody could have found it.
  if (written.count === 0) return
  const key = newKey(newId())
  for (const side of finding.sent === undefined ? [body] : [body, concerned])
    await sql`
      INSERT INTO finding_key (finding_id, agency_id, holder_agency_id, key_id, wrap_version, wrapped, made_at)
      VALUES (${id}, ${side.id}, ${body.id}, ${key.id}, ${side.keys.data.version}, ${wrapFindingKey(side.keys.data, key)}, ${made})`
  for (const said of finding.texts) await writeText(sql, { ...sides, id, key }, said)
}

async function writeText(
  sql: postgres.TransactionSql,
  { id, key, body, concerned, auditor, now }: Sides & { readonly id: string; readonly key: SealingKey },
  [kind, text, days]: Said,
): Promise<void> {
  const place = newId()
  const isAnswer = kind === 'answer' || kind === 'action'
  const [agency, member] = isAnswer
    ? [concerned.id, await memberOf(sql, concerned.id, 'supervisor')]
    : [body.id, auditor]
  const sealed = sealText(key, { table: 'finding_text', column: 'sealed', row: place, agency: body.id }, text)
  await sql`
    INSERT INTO finding_text (id, finding_id, kind, holder_agency_id, agency_id, sealed, written_by_id, written_at)
    VALUES (${place}, ${id}, ${kind}, ${body.id}, ${agency}, ${sealed}, ${member}, ${new Date(now.getTime() - days * 86_400_000)})`
}

async function memberOf(sql: postgres.TransactionSql, agency: string, role: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    SELECT id FROM member WHERE agency_id = ${agency} AND ${role} = ANY (roles::text[]) ORDER BY email LIMIT 1`
  if (row === undefined) throw new Error(`No ${role} in an agency of the demonstration`)
  return row.id
}

/** The functions that look and freeze are nobody's to call but the definer's. */
async function asDefiner<T>(sql: postgres.TransactionSql, work: () => Promise<T>): Promise<T> {
  const [row] = await sql<{ role: string }[]>`SELECT quote_ident(app.db_role('definer')) AS role`
  await sql.unsafe(`SET LOCAL ROLE ${row?.role ?? ''}`)
  const done = await work()
  await sql.unsafe('RESET ROLE')
  return done
}
