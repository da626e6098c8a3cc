import 'server-only'
import { actorOf, type ActorTx, originOf } from '@/lib/access/with-actor'

import type { SessionView, SettingsInput, TokenView } from './account-schema'

/** Changes one's own settings; the database lets a member write nothing else, and nobody else's. */
export async function updateSettings(tx: ActorTx, settings: SettingsInput): Promise<void> {
  await tx.member.updateMany({ where: { id: actorOf(tx).member }, data: settings })
}

export async function listOwnSessions(tx: ActorTx): Promise<SessionView[]> {
  return tx.$queryRaw<SessionView[]>`
    SELECT handle, started_at AS "startedAt", seen_at AS "seenAt", network, is_this AS "isThis" FROM app.own_sessions()`
}

export async function markOwnSessionEnded(tx: ActorTx, handle: string): Promise<boolean> {
  return isDone(await tx.$queryRaw<Done>`SELECT app.end_own_session(${handle}, ${originOf(tx)}::jsonb) AS done`)
}

/** Ends every session of one's own but the present one. */
export async function markOtherSessionsEnded(tx: ActorTx): Promise<void> {
  await tx.$queryRaw`SELECT app.end_own_other_sessions(${originOf(tx)}::jsonb)`
}

export async function listOwnTokens(tx: ActorTx): Promise<TokenView[]> {
  return tx.$queryRaw<TokenView[]>`
    SELECT id, name, created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"
    FROM app.own_tokens()`
}

export async function insertToken(
  tx: ActorTx,
  token: {
    readonly id: string
    readonly hash: Uint8Array<ArrayBuffer>
    readonly name: string
    readonly days: number
  },
): Promise<boolean> {
  return isDone(
    await tx.$queryRaw<Done>`
      SELECT app.create_token(${token.id}::uuid, ${token.hash}, ${token.name}, ${token.days}::int,
        ${originOf(tx)}::jsonb) AS done`,
  )
}

export async function markTokenEnded(tx: ActorTx, id: string): Promise<boolean> {
  return isDone(await tx.$queryRaw<Done>`SELECT app.end_own_token(${id}::uuid, ${originOf(tx)}::jsonb) AS done`)
}

type Done = { done: boolean }[]

function isDone(rows: Done): boolean {
  return rows[0]?.done === true
}
