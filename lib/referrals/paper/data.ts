import 'server-only'
import { aboutSubject, actorOf, originOf, type ActorTx } from '@/lib/access/with-actor'
import type { CategoryKey } from '@/lib/mandate/categories'
import { parseCode } from '@/lib/platform/ids'

import type { DeclineReason, Outcome, ReferralUrgency } from '../schema'
import type {
  ConsentSays,
  Direction,
  HandedOver,
  PaperAgency,
  PaperState,
  PaperStepView,
  PreparePaperInput,
  StepPaperInput,
  TakeInPaperInput,
} from './schema'

export type FoundPaperAgency = PaperAgency & { readonly id: string }

/** The agencies without Amparo of the actor's network, by name. */
export async function listPaperAgencies(tx: ActorTx): Promise<readonly FoundPaperAgency[]> {
  const rows = await tx.agency.findMany({
    where: { networkId: actorOf(tx).network, onAmparo: false },
    orderBy: { name: 'asc' },
    select: { id: true, key: true, name: true, contact: true },
    take: 500,
  })
  return rows.map(({ contact, ...row }) => ({ ...row, contact: contact ?? '' }))
}

export type PaperRow = {
  readonly id: string
  readonly code: string
  readonly direction: Direction
  readonly case_id: string
  readonly case_code: string
  readonly person_code: string
  readonly other_key: string | null
  readonly other_name: string
  readonly contact: string | null
  readonly urgency: ReferralUrgency
  readonly categories: readonly CategoryKey[]
  readonly needs: readonly string[]
  readonly fields: readonly string[]
  readonly consent_says: ConsentSays | null
  readonly state: PaperState
  readonly created_at: Date
  readonly version: number
}

/** The form that a code names, or the forms of a case: of the actor's teams only. */
export async function listPaperRows(
  tx: ActorTx,
  by: { readonly code: string } | { readonly caseId: string },
): Promise<readonly PaperRow[]> {
  const code = 'code' in by ? parseCode(by.code, 'PRF') : null
  if ('code' in by && code === null) return []
  if (code !== null) aboutSubject(tx, code)
  const caseId = 'caseId' in by ? by.caseId : null
  return tx.$queryRaw<PaperRow[]>`
    SELECT p.id, p.code, p.direction, p.case_id, c.code AS case_code, n.code AS person_code, a.key AS other_key, coalesce(a.name, p.other_name) AS other_name,
      a.contact, p.urgency::text, p.categories, p.needs, p.fields, p.consent_says, p.state, p.created_at, p.version
    FROM paper_referral p JOIN case_file c ON c.id = p.case_id JOIN person n ON n.id = p.person_id LEFT JOIN agency a ON a.id = p.other_agency_id
    WHERE (${code}::text IS NULL OR p.code = ${code}) AND (${caseId}::uuid IS NULL OR p.case_id = ${caseId}::uuid)
    ORDER BY p.created_at DESC, p.id DESC LIMIT 200`
}

/** The steps of a form, the first one first. */
export async function listPaperSteps(tx: ActorTx, paper: string): Promise<readonly PaperStepView[]> {
  const rows = await tx.paperStep.findMany({
    where: { paperReferralId: paper },
    orderBy: [{ enteredAt: 'asc' }, { id: 'asc' }],
    select: { step: true, happenedOn: true, enteredAt: true, way: true, declineReason: true, outcome: true },
  })
  return rows.map(({ step, happenedOn, enteredAt, way, declineReason, outcome }) => ({
    step: step as PaperStepView['step'],
    happenedOn: happenedOn.toISOString().slice(0, 10),
    enteredAt: enteredAt.toISOString(),
    way: way as HandedOver | null,
    declineReason: declineReason as DeclineReason | null,
    outcome: outcome as Outcome | null,
  }))
}

export type PreparedAnswer = 'ok' | 'not_found' | 'case_closed' | 'no_agency' | 'needs'

export async function insertPaper(
  tx: ActorTx,
  paper: Omit<PreparePaperInput, 'case' | 'agency' | 'fields'> & {
    readonly id: string
    readonly code: string
    readonly caseId: string
    readonly receiver: string
    readonly fields: readonly string[]
  },
): Promise<PreparedAnswer> {
  const rows = await tx.$queryRaw<{ answer: PreparedAnswer }[]>`
    SELECT app.prepare_paper(${paper.id}::uuid, ${paper.code}, ${paper.caseId}::uuid, ${paper.receiver}::uuid, ${[...paper.needs]}::text[], ${paper.urgency},
      ${[...paper.fields]}::text[], ${originOf(tx)}::jsonb) AS answer`
  return only(rows)
}

/** The line of the ledger that printing writes; null where it may not be printed. */
export async function markPrinted(tx: ActorTx, code: string): Promise<string | null> {
  return only(
    await tx.$queryRaw<{ answer: string | null }[]>`SELECT app.print_paper(${code}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function hasPrinted(tx: ActorTx, code: string, line: string): Promise<boolean> {
  return only(await tx.$queryRaw<{ answer: boolean }[]>`SELECT app.has_printed_paper(${code}, ${line}) AS answer`)
}

export async function insertTakenIn(
  tx: ActorTx,
  paper: Pick<TakeInPaperInput, 'receivedOn' | 'urgency' | 'categories' | 'consentSays'> & {
    readonly id: string
    readonly code: string
    readonly caseId: string
    readonly sender: string | null
    readonly senderName: string | null
    readonly needs: readonly string[]
  },
): Promise<'ok' | 'not_found'> {
  const rows = await tx.$queryRaw<{ answer: 'ok' | 'not_found' }[]>`
    SELECT app.take_in_paper(${paper.id}::uuid, ${paper.code}, ${paper.caseId}::uuid, ${paper.sender}::uuid, ${paper.senderName}, ${paper.receivedOn}::date,
      ${paper.urgency}, ${[...paper.categories]}::text[], ${[...paper.needs]}::text[], ${paper.consentSays}, ${originOf(tx)}::jsonb) AS answer`
  return only(rows)
}

export type StepAnswer = 'ok' | 'not_found' | 'stale' | 'wrong_state' | 'not_printed' | 'no_basis' | 'order'

export async function markStepped(tx: ActorTx, code: string, step: StepPaperInput): Promise<StepAnswer> {
  const rows = await tx.$queryRaw<{ answer: StepAnswer }[]>`
    SELECT app.step_paper(${code}, ${step.version}::int, ${step.step}, ${step.happenedOn}::date, ${step.step === 'handed_over' ? (step.way ?? null) : null},
      ${step.step === 'declined' ? (step.declineReason ?? null) : null}, ${step.step === 'completed' ? (step.outcome ?? null) : null},
      ${originOf(tx)}::jsonb) AS answer`
  return only(rows)
}

function only<T>(rows: readonly { readonly answer: T }[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('A function about a form gives one answer')
  return row.answer
}
