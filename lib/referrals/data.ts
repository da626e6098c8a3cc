import { aboutSubject, type ActorTx, originOf } from '@/lib/access/with-actor'
import type { IdentificationStatus } from '@/lib/cases/schema'
import type { CategoryKey } from '@/lib/mandate/categories'
import { parseCode } from '@/lib/platform/ids'

import type {
  Box,
  DecisionReason,
  DeclineReason,
  EndedWhy,
  Feedback,
  Move,
  OfferBasis,
  OfferReason,
  ReferralKind,
  Outcome,
  ReferralNeedView,
  ReferralSide,
  ReferralState,
  ReferralTextView,
  ReferralUrgency,
} from './schema'

export { originOf }

/** A referral as the database shows it to whoever asks. */
export type ReferralRow = {
  readonly id: string
  readonly code: string
  readonly side: ReferralSide
  /** Who holds the person's record: part of the place where what is sealed stands. */
  readonly holder_id: string
  readonly case_id: string | null
  readonly case_code: string | null
  readonly person_id: string | null
  readonly state: ReferralState
  readonly state_before: ReferralState | null
  readonly urgency: ReferralUrgency
  readonly from_key: string
  readonly from_name: string
  readonly to_id: string
  readonly to_key: string
  readonly to_name: string
  readonly service_code: string
  readonly service_name: string
  readonly service_category: CategoryKey
  readonly service_type: string
  readonly fields: readonly string[]
  readonly needs: readonly ReferralNeedView[]
  readonly created_at: Date
  readonly sent_at: Date | null
  readonly acknowledged_at: Date | null
  readonly answered_at: Date | null
  readonly starts_on: string | null
  readonly service_since: Date | null
  readonly completed_at: Date | null
  readonly ended_at: Date | null
  readonly ended_why: EndedWhy | null
  readonly decline_reason: DeclineReason | null
  readonly outcome: Outcome | null
  readonly feedback: Feedback | null
  readonly clock_started_at: Date | null
  readonly acknowledge_half_at: Date | null
  readonly acknowledge_by: Date | null
  readonly acknowledge_late_at: Date | null
  readonly decide_half_at: Date | null
  readonly decide_by: Date | null
  readonly decide_late_at: Date | null
  readonly expires_at: Date | null
  readonly paused_at: Date | null
  readonly overdue: boolean
  readonly version: number
  readonly on_team: boolean
  readonly receives: boolean
  readonly answers: boolean
  readonly package_open: readonly string[] | null
  readonly package_until: Date | null
  readonly kind: ReferralKind
  readonly anonymous: boolean
  readonly reconsiders: string | null
  readonly reconsidered_by: string | null
  readonly decision: IdentificationStatus | null
  readonly deciding_body: string | null
  readonly decided_on: string | null
  readonly decision_reason: DecisionReason | null
  /** Of two steps that two members take, whether whoever asks took the first. */
  readonly decided_first: boolean
}

/** The referral that a code names, as far as whoever asks may know of it. */
export async function findReferral(tx: ActorTx, text: string): Promise<ReferralRow | null> {
  const code = parseCode(text, 'REF')
  if (code === null) return null
  aboutSubject(tx, code)
  const rows = await tx.$queryRaw<ReferralRow[]>`SELECT * FROM app.referrals(${code}, NULL, NULL, NULL, NULL, 1)`
  const [row] = rows
  if (row !== undefined && row.code !== code) throw new Error('The database answered with another record')
  return row ?? null
}

export type Routing = {
  readonly rerouted: boolean
  readonly awaits_basis: boolean
  readonly from_code: string | null
  readonly to_code: string | null
  /** For the sender's team: what sharing with the agency that was asked instead would be for. */
  readonly needs: readonly string[]
  readonly calendar_version: number | null
}

/** Where a coordinator rerouted a referral from and to, and by which calendar its clock was counted, as far as whoever asks may know. */
export async function findRouting(tx: ActorTx, code: string): Promise<Routing> {
  const [row] = await tx.$queryRaw<Routing[]>`
    SELECT rerouted, awaits_basis, from_code, to_code, needs, calendar_version FROM app.referral_routing(${code})`
  if (row === undefined) throw new Error('A referral that was just found is out of sight')
  return row
}

type PauseRow = { readonly ends_at: Date | null; readonly unanswered: boolean }

/** Until when a question stops a referral's clock, and whether one is open whose pause is over. */
export async function findPause(tx: ActorTx, code: string): Promise<PauseRow> {
  const [row] = await tx.$queryRaw<PauseRow[]>`SELECT ends_at, unanswered FROM app.referral_pause(${code})`
  if (row === undefined) throw new Error('A referral that was just found is out of sight')
  return row
}

/** A page of referrals, the latest first. */
export async function listReferralRows(
  tx: ActorTx,
  query: {
    readonly box: Box
    readonly states: readonly ReferralState[] | null
    readonly caseId: string | null
    readonly before: string | null
    readonly limit: number
  },
): Promise<readonly ReferralRow[]> {
  const states = query.states === null ? null : [...query.states]
  return tx.$queryRaw<ReferralRow[]>`
    SELECT * FROM app.referrals(NULL, ${query.box}, ${states}::text[], ${query.caseId}::uuid, ${query.before}::uuid, ${query.limit}::int)`
}

/** More than wait for one agency at a time: what nobody answers expires. */
const MOST_WAITING = 1000

type WaitingRow = ReferralRow & { readonly due: string }

/** A page of what waits for the agency's answer, what is due soonest first. */
export async function listReferralsByDue(
  tx: ActorTx,
  query: { readonly after: { readonly due: string; readonly id: string } | null; readonly limit: number },
): Promise<readonly WaitingRow[]> {
  return tx.$queryRaw<WaitingRow[]>`
    SELECT * FROM (
      SELECT r.*, to_json(CASE r.state WHEN 'sent' THEN r.acknowledge_by ELSE r.decide_by END) #>> '{}' AS due
      FROM app.referrals(NULL, 'in', ARRAY['sent', 'acknowledged'], NULL, NULL, ${MOST_WAITING}::int) r
    ) w
    WHERE ${query.after?.id ?? null}::uuid IS NULL
      OR (w.due::timestamptz, w.id) > (${query.after?.due ?? null}::timestamptz, ${query.after?.id ?? null}::uuid)
    ORDER BY w.due::timestamptz, w.id LIMIT ${query.limit}::int`
}

export type Basis = {
  readonly field: string
  readonly allowed: boolean
  readonly basis: OfferBasis | null
  readonly code: string | null
  readonly until: Date | null
  readonly reason: OfferReason | null
}

/** Which fields may go to an agency with a referral of the team's case, and why not. */
export async function findOffer(
  tx: ActorTx,
  question: {
    readonly caseId: string
    readonly receiver: string
    readonly categories: readonly string[]
    readonly fields: readonly string[]
  },
): Promise<readonly Basis[]> {
  return tx.$queryRaw<Basis[]>`
    SELECT field, allowed, basis, code, until, reason FROM app.referral_offer(${question.caseId}::uuid, ${question.receiver}::uuid,
      ${[...question.categories]}::text[], ${[...question.fields]}::text[])`
}

/** Which fields of the team's case may go to an agency for a purpose where no agreement is asked beside, and why not. */
export async function findBases(
  tx: ActorTx,
  question: {
    readonly caseId: string
    readonly receiver: string
    readonly purpose: 'sharing' | 'identification'
    readonly fields: readonly string[]
  },
): Promise<readonly Basis[]> {
  return tx.$queryRaw<Basis[]>`
    SELECT field, allowed, basis, code, until, reason FROM app.sharing_basis(${question.caseId}::uuid, ${question.receiver}::uuid, ${question.purpose},
      ${[...question.fields]}::text[])`
}

/** A key wrapped for one agency, as the database takes it. */
export type WrappedKey = { readonly keyId: string; readonly wrapVersion: number; readonly wrapped: string }

export type DraftAnswer = 'ok' | 'not_found' | 'case_closed' | 'no_service' | 'needs'

/** Stores a draft. */
export async function insertDraft(
  tx: ActorTx,
  draft: {
    readonly id: string
    readonly code: string
    readonly caseId: string
    readonly serviceId: string
    readonly needs: readonly string[]
    readonly urgency: ReferralUrgency
    readonly fields: readonly string[]
    readonly previewKey: WrappedKey
    readonly packageKey: WrappedKey
    readonly reason: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> } | null
  },
): Promise<DraftAnswer> {
  const rows = await tx.$queryRaw<{ answer: DraftAnswer }[]>`
    SELECT app.draft_referral(${draft.id}::uuid, ${draft.code}, ${draft.caseId}::uuid, ${draft.serviceId}::uuid, ${[...draft.needs]}::uuid[],
      ${draft.urgency}, ${[...draft.fields]}::text[], ${JSON.stringify(draft.previewKey)}::jsonb, ${JSON.stringify(draft.packageKey)}::jsonb,
      ${draft.reason?.id ?? null}::uuid, ${draft.reason?.sealed ?? null}::bytea, ${originOf(tx)}::jsonb) AS answer`
  return answerOf(rows)
}

export type SendAnswer =
  'ok' | 'not_found' | 'wrong_state' | 'case_closed' | 'needs' | 'no_service' | 'no_agreement' | 'no_basis'

/** One field as it is sealed for a referral. */
export type SealedField = { readonly field: string; readonly part: 'preview' | 'package'; readonly sealed: string }

/** Sends a draft with what was sealed for it. */
export async function markSent(
  tx: ActorTx,
  code: string,
  clock: unknown,
  fields: readonly SealedField[],
  receiverKey: WrappedKey,
): Promise<SendAnswer> {
  const rows = await tx.$queryRaw<{ answer: SendAnswer }[]>`
    SELECT app.send_referral(${code}, ${JSON.stringify(clock)}::jsonb, ${JSON.stringify(fields)}::jsonb, ${JSON.stringify(receiverKey)}::jsonb,
      ${originOf(tx)}::jsonb) AS answer`
  return answerOf(rows)
}

/** Shares what was sealed with the agency that a coordinator asked. */
export async function markShared(
  tx: ActorTx,
  code: string,
  clock: unknown,
  fields: readonly SealedField[],
): Promise<SendAnswer> {
  const rows = await tx.$queryRaw<{ answer: SendAnswer }[]>`
    SELECT app.share_rerouted(${code}, ${JSON.stringify(clock)}::jsonb, ${JSON.stringify(fields)}::jsonb, ${originOf(tx)}::jsonb) AS answer`
  return answerOf(rows)
}

export type MoveAnswer =
  | 'ok'
  | 'not_found'
  | 'forbidden'
  | 'same_member'
  | 'already_answered'
  | 'wrong_state'
  | 'needs'
  | 'no_basis'
  | 'case_closed'

/** Makes one move, with what goes with it in codes and, sealed, in words. */
export async function markMoved(
  tx: ActorTx,
  code: string,
  move: Move,
  detail: unknown,
  words: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> } | null,
): Promise<MoveAnswer> {
  const rows = await tx.$queryRaw<{ answer: MoveAnswer }[]>`
    SELECT app.move_referral(${code}, ${move}, ${JSON.stringify(detail)}::jsonb, ${words?.id ?? null}::uuid, ${words?.sealed ?? null}::bytea,
      ${originOf(tx)}::jsonb) AS answer`
  return answerOf(rows)
}

/** Keeps whether the words of a decline, just made, name a ground. */
export async function markDeclineWords(tx: ActorTx, code: string, said: 'plain' | 'ground'): Promise<void> {
  await tx.$queryRaw`SELECT app.note_decline_words(${code}, ${said})::text`
}

export type SealedPiece = {
  readonly kind: 'field' | 'text'
  readonly name: string
  readonly place: string
  readonly sealed: Uint8Array
  readonly key_id: string
  readonly wrap_version: number
  readonly wrapped: Uint8Array
  readonly at: Date
  readonly own: boolean
}

/** What is sealed of a referral and may be seen now; the database writes the look before it answers. */
export async function openReferral(tx: ActorTx, code: string): Promise<readonly SealedPiece[]> {
  return tx.$queryRaw<SealedPiece[]>`SELECT * FROM app.read_referral(${code}, ${originOf(tx)}::jsonb)`
}

export type PackagePiece = {
  readonly field: string
  /** Which of the two keys it is sealed under. */
  readonly part: 'preview' | 'package'
  readonly place: string
  readonly sealed: Uint8Array
  readonly key_id: string
  readonly wrap_version: number
  readonly wrapped: Uint8Array
  readonly version: number
}

/** The package, field by field as something living covers it at this moment; the look is written with it. */
export async function openPackage(tx: ActorTx, code: string): Promise<readonly PackagePiece[]> {
  return tx.$queryRaw<PackagePiece[]>`
    SELECT field, part, place, sealed, key_id, wrap_version, wrapped, version FROM app.open_package(${code}, ${originOf(tx)}::jsonb)`
}

export type OwnKey = {
  readonly part: 'preview' | 'package'
  readonly key_id: string
  readonly wrap_version: number
  readonly wrapped: Uint8Array
}

/** Both keys of a referral as the sending agency has them wrapped. */
export async function findSenderKeys(tx: ActorTx, code: string): Promise<readonly OwnKey[]> {
  return tx.$queryRaw<OwnKey[]>`SELECT part, key_id, wrap_version, wrapped FROM app.referral_keys_of_sender(${code})`
}

export type WordsKey = Omit<OwnKey, 'part'> & { readonly holder: string; readonly person: string | null }

/** The key of what both sides write, as the actor's agency has it wrapped. */
export async function findWordsKey(tx: ActorTx, code: string): Promise<WordsKey | null> {
  const rows = await tx.$queryRaw<WordsKey[]>`
    SELECT key_id, wrap_version, wrapped, holder, person FROM app.referral_words_key(${code})`
  return rows[0] ?? null
}

export type ForeignKey = { readonly agency: string; readonly version: number; readonly wrapped: Uint8Array }

/** The newest key of the agency that a draft goes to. */
export async function findReceivingKey(tx: ActorTx, code: string): Promise<ForeignKey | null> {
  const rows = await tx.$queryRaw<ForeignKey[]>`
    SELECT agency_id AS agency, version, wrapped FROM app.receiving_key(${code})`
  return rows[0] ?? null
}

export type OfferedKey = {
  readonly keyId: string
  readonly wrapped: Uint8Array
  readonly under: ForeignKey
}

/** The package's key as its sender has it, for whoever may accept now. */
export async function findPackageKey(tx: ActorTx, code: string): Promise<OfferedKey | null> {
  const rows = await tx.$queryRaw<
    { key_id: string; wrapped: Uint8Array; agency_id: string; version: number; agency_wrapped: Uint8Array }[]
  >`SELECT key_id, wrapped, agency_id, version, agency_wrapped FROM app.package_key_to_take_over(${code})`
  const [row] = rows
  if (row === undefined) return null
  const under = { agency: row.agency_id, version: row.version, wrapped: row.agency_wrapped }
  return { keyId: row.key_id, wrapped: row.wrapped, under }
}

export type PieceToIndex = Omit<OwnKey, 'part'> & {
  readonly field: string
  readonly place: string
  readonly sealed: Uint8Array
}

/** What a referral that the actor has just accepted may be found by. */
export async function findToIndex(tx: ActorTx, code: string): Promise<readonly PieceToIndex[]> {
  return tx.$queryRaw<PieceToIndex[]>`
    SELECT field, place, sealed, key_id, wrap_version, wrapped FROM app.identity_to_index(${code})`
}

/** Keeps what it is found by, as long as its grant lives. */
export async function keepTokens(tx: ActorTx, code: string, tokens: readonly Uint8Array[]): Promise<void> {
  const digests = tokens.map((token) => Buffer.from(token).toString('hex'))
  await tx.$queryRaw`
    SELECT app.keep_grant_tokens(${code}, ARRAY(SELECT decode(d, 'hex') FROM unnest(${digests}::text[]) d))`
}

/** The kinds of text, as the column holds them. */
export function textKind(name: string): ReferralTextView['kind'] {
  return name as ReferralTextView['kind']
}

function answerOf<T>(rows: readonly { readonly answer: T }[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('A change to a referral gives one answer')
  return row.answer
}
