import 'server-only'
import { originOf, type ActorTx } from '@/lib/access/with-actor'

import type { FactorStateView, MemberSessionView } from './member-security-schema'

export async function listSessionsOf(tx: ActorTx, member: string): Promise<MemberSessionView[]> {
  return tx.$queryRaw<MemberSessionView[]>`
    SELECT handle, started_at AS "startedAt", seen_at AS "seenAt", network FROM app.sessions_of(${member}::uuid)`
}

/** Ends a colleague's session; false when there is none of this handle that lives. */
export async function markSessionOfEnded(tx: ActorTx, member: string, handle: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ done: boolean }[]>`
    SELECT app.end_session_of(${member}::uuid, ${handle}, ${originOf(tx)}::jsonb) AS done`
  return rows[0]?.done === true
}

type StateRow = Omit<FactorStateView, 'asked'> & {
  readonly askedAt: Date | null
  readonly askedBy: string | null
  readonly askedByMe: boolean | null
}

export async function findFactorStateOf(tx: ActorTx, member: string): Promise<FactorStateView | null> {
  const rows = await tx.$queryRaw<StateRow[]>`
    SELECT apps, passkeys, codes_left AS "codesLeft", required, asked_at AS "askedAt", asked_by AS "askedBy",
      asked_by_me AS "askedByMe" FROM app.factor_state_of(${member}::uuid)`
  const [row] = rows
  if (row === undefined) return null
  const { askedAt, askedBy, askedByMe, ...state } = row
  return { ...state, asked: askedAt === null ? null : { at: askedAt, by: askedBy ?? '', byMe: askedByMe === true } }
}

export type ResetAnswer = 'ok' | 'asked' | 'not_found' | 'step_up' | 'own_record' | 'wrong_state' | 'second_person'

export async function markFactorsReset(tx: ActorTx, member: string): Promise<ResetAnswer> {
  const rows = await tx.$queryRaw<{ answer: ResetAnswer }[]>`
    SELECT app.reset_factors(${member}::uuid, ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}

/** Puts a request for a link to set a new password into the queue, for a colleague. */
export async function insertResetFor(
  tx: ActorTx,
  member: string,
  request: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> },
): Promise<'ok' | 'not_found' | 'step_up' | 'wrong_state'> {
  const rows = await tx.$queryRaw<{ answer: 'ok' | 'not_found' | 'step_up' | 'wrong_state' }[]>`
    SELECT app.ask_reset_for(${member}::uuid, ${request.id}::uuid, ${request.sealed}, ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}

/** Whether an agency asks for a second factor, as the system administrator may know. */
export async function asksForFactor(tx: ActorTx, agency: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ asks: boolean | null }[]>`SELECT app.asks_for_factor(${agency}::uuid) AS asks`
  return rows[0]?.asks !== false
}

export async function markAsksForFactor(
  tx: ActorTx,
  agency: string,
  required: boolean,
): Promise<'ok' | 'forbidden' | 'step_up' | 'not_found'> {
  const rows = await tx.$queryRaw<{ answer: 'ok' | 'forbidden' | 'step_up' | 'not_found' }[]>`
    SELECT app.ask_for_factor(${agency}::uuid, ${required}, ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'forbidden'
}
