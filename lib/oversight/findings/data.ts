import 'server-only'
import { originOf, type ActorTx } from '@/lib/access/with-actor'
import type { Cursor } from '@/lib/platform/cursor'

import type {
  FindingBasis,
  FindingForm,
  FindingHeadline,
  FindingItem,
  FindingLine,
  FindingMove,
  FindingSource,
  FindingSourceInput,
  FindingState,
  FindingSubject,
  FindingText,
} from './schema'
import type { ReceivingKey } from '../keys/body-data'
import type { RuleGrade } from '../rules/schema'

/** What a function of the database says of a change to a finding. */
export type FindingAnswer =
  'ok' | 'forbidden' | 'not_found' | 'agency' | 'due' | 'stale' | 'wrong_state' | 'already_answered' | 'already_done'

/** A key of a finding as the database keeps it for one side. */
export type WrappedKey = { readonly keyId: string; readonly wrapVersion: number; readonly wrapped: string }

export type StoredKey = { readonly key_id: string; readonly wrap_version: number; readonly wrapped: Uint8Array }

/** A text as it is stored: sealed, in base 64. */
export type SealedText = { readonly id: string; readonly kind: FindingText; readonly sealed: string }

export type FindingRow = {
  readonly id: string
  readonly code: string
  readonly side: 'body' | 'agency'
  readonly state: FindingState
  readonly late: FindingLine['late']
  readonly grade: RuleGrade
  readonly basis: FindingBasis
  readonly subject: FindingSubject
  readonly source_kind: FindingSource | null
  readonly source_code: string | null
  readonly source_item: string | null
  readonly headline: FindingHeadline
  readonly agency: string
  readonly agency_name: string
  readonly body_name: string
  /** The time to the microsecond, which a page's cursor needs. */
  readonly sort: string
  readonly sent_at: Date | null
  readonly answer_due: string
  readonly answered_at: Date | null
  readonly closed_at: Date | null
  readonly action_due: string | null
  readonly action_done_on: string | null
  readonly version: number
}

export type FindingFilters = { readonly state?: string; readonly agency?: string; readonly late?: string }

/** The findings that the actor may know, in the cursor's direction. */
export function listFindingRows(
  tx: ActorTx,
  filters: FindingFilters,
  cursor: Cursor | null,
  limit: number,
): Promise<FindingRow[]> {
  const [at, id] = cursor?.position ?? [null, null]
  return tx.$queryRaw<FindingRow[]>`
    SELECT * FROM app.findings(NULL, ${JSON.stringify(filters)}::jsonb, ${cursor?.direction === 'before'}, ${at === null ? null : String(at)}::timestamptz,
      ${id === null ? null : String(id)}::uuid, ${limit}::int)`
}

/** One finding by its code, when the actor may know it. */
export async function findFinding(tx: ActorTx, code: string): Promise<FindingRow | null> {
  const rows = await tx.$queryRaw<FindingRow[]>`SELECT * FROM app.findings(${code}, '{}', false, NULL, NULL, 1)`
  const [row] = rows
  return row?.code === code ? row : null
}

/** How many of the findings that the actor may know stand in each state, and how many of those are late. */
export function countFindings(tx: ActorTx): Promise<{ state: FindingState; n: number; late: number }[]> {
  return tx.$queryRaw`SELECT state, n, late FROM app.finding_counts()`
}

export type EvidenceRow = {
  readonly evidence: {
    readonly about: Readonly<Record<string, unknown>>
    readonly items: readonly FindingItem[]
  }
  readonly digest: string
  readonly holds: boolean
  readonly as_of: Date
  readonly checkpoint_size: bigint | null
  readonly checkpoint_hash: string | null
}

/** What a finding rests on, as the actor's side may see it. */
export async function findEvidence(tx: ActorTx, code: string): Promise<EvidenceRow> {
  const rows = await tx.$queryRaw<EvidenceRow[]>`SELECT * FROM app.finding_evidence(${code})`
  const [row] = rows
  if (row === undefined) throw new Error('A finding that was just read has no evidence')
  return row
}

export type TextRow = StoredKey & {
  readonly kind: FindingText
  readonly own: boolean
  readonly at: Date
  readonly place: string
  readonly sealed: Uint8Array
  readonly holder: string
}

/** What was written in a finding, sealed; the database writes the look before it answers. */
export function readTexts(tx: ActorTx, code: string): Promise<TextRow[]> {
  return tx.$queryRaw<TextRow[]>`SELECT * FROM app.read_finding(${code}, ${originOf(tx)}::jsonb)`
}

/** The key of what both sides write, as the actor's has it; `persons` whom the evidence is about, for the agency's answer. */
export async function findWordsKey(
  tx: ActorTx,
  code: string,
): Promise<(StoredKey & { readonly holder: string; readonly persons: readonly string[] }) | null> {
  const rows = await tx.$queryRaw<(StoredKey & { holder: string; persons: string[] })[]>`
    SELECT key_id, wrap_version, wrapped, holder, persons::text[] FROM app.finding_words_key(${code})`
  return rows[0] ?? null
}

/** The newest key of the agency that a draft is for. */
export async function findReceivingKey(tx: ActorTx, code: string): Promise<ReceivingKey | null> {
  const rows = await tx.$queryRaw<ReceivingKey[]>`
    SELECT agency_id AS agency, version, wrapped FROM app.finding_receiving_key(${code})`
  return rows[0] ?? null
}

/** A source as the form needs it; null when it isn't there, or nothing of it is evidence. */
export async function findSource(
  tx: ActorTx,
  { from, code, item }: FindingSourceInput,
): Promise<Omit<FindingForm, 'source' | 'answerDue'> | null> {
  const rows = await tx.$queryRaw<{ found: Omit<FindingForm, 'source' | 'answerDue'> | null }[]>`
    SELECT app.finding_source(${from}, ${code}, ${item ?? null}) AS found`
  return rows[0]?.found ?? null
}

/** Keeps a new finding with its evidence, which the database freezes. */
export async function insertFinding(
  tx: ActorTx,
  draft: Readonly<Record<string, string | undefined>>,
  key: WrappedKey,
  texts: readonly SealedText[],
): Promise<FindingAnswer> {
  return answerOf(
    await tx.$queryRaw<{ answer: FindingAnswer }[]>`
      SELECT app.open_finding(${JSON.stringify(draft)}::jsonb, ${JSON.stringify(key)}::jsonb, ${JSON.stringify(texts)}::jsonb, ${originOf(tx)}::jsonb) AS answer`,
  )
}

/** Changes what a draft says. */
export async function updateFinding(
  tx: ActorTx,
  code: string,
  version: number,
  draft: Readonly<Record<string, string>>,
  texts: readonly SealedText[],
): Promise<FindingAnswer> {
  return answerOf(
    await tx.$queryRaw<{ answer: FindingAnswer }[]>`
      SELECT app.change_finding(${code}, ${version}::int, ${JSON.stringify(draft)}::jsonb, ${JSON.stringify(texts)}::jsonb, ${originOf(tx)}::jsonb) AS answer`,
  )
}

/** Makes one move of a finding. */
export async function markFindingMoved(
  tx: ActorTx,
  code: string,
  move: FindingMove,
  detail: object,
): Promise<FindingAnswer> {
  return answerOf(
    await tx.$queryRaw<{ answer: FindingAnswer }[]>`
      SELECT app.move_finding(${code}, ${move}, ${JSON.stringify(detail)}::jsonb, ${originOf(tx)}::jsonb) AS answer`,
  )
}

function answerOf(rows: readonly { readonly answer: FindingAnswer }[]): FindingAnswer {
  const [row] = rows
  if (row === undefined) throw new Error('A change to a finding gives one answer')
  return row.answer
}
