import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { keysOf, kindsOf, type Counter } from '@/lib/access/counters'
import { type ActorTx, originOf } from '@/lib/access/with-actor'
import { appClient } from '@/lib/platform/db/client'

import type { RenewedSession } from './confirm-data'
import type { SignInState } from './factor-schema'

type Bytes = Uint8Array<ArrayBuffer>

/** What the pages of the second factor may know of whoever has this session; null when it is over. */
export async function findSignInState(session: Bytes): Promise<SignInState | null> {
  const rows = await appClient().$queryRaw<SignInState[]>`
    SELECT member_id AS member, agency_id AS agency, code, email, strength, required, enrol, apps, passkeys,
      codes_left AS "codesLeft" FROM app.sign_in_state(${session})`
  return rows[0] ?? null
}

/** What the database says of an addition: `step_up` to show first who one is, `known` for a passkey that somebody has. */
export type EnrolAnswer = 'ok' | 'ended' | 'step_up' | 'too_many' | 'known'

export async function insertPendingApp(session: Bytes, id: string, sealed: Bytes): Promise<EnrolAnswer> {
  return answered(
    await appClient().$queryRaw<Answered>`SELECT app.begin_app(${session}, ${id}::uuid, ${sealed}) AS answer`,
  )
}

export type PendingApp = { readonly id: string; readonly agency: string; readonly sealed: Bytes }

export async function findPendingApp(session: Bytes): Promise<PendingApp | null> {
  const rows = await appClient().$queryRaw<PendingApp[]>`
    SELECT id, agency_id AS agency, sealed FROM app.pending_app(${session})`
  return rows[0] ?? null
}

export async function markAppConfirmed(
  session: RenewedSession,
  app: { readonly id: string; readonly step: number },
  origin: RequestOrigin,
): Promise<EnrolAnswer> {
  return answered(
    await appClient().$queryRaw<Answered>`
      SELECT app.confirm_app(${session.old}, ${app.id}::uuid, ${app.step}::bigint, ${session.renewed},
        ${JSON.stringify(origin)}::jsonb) AS answer`,
  )
}

/** Remembers what a passkey has to sign, in place of what it had to before. */
export async function saveChallenge(session: Bytes, challenge: Bytes): Promise<boolean> {
  const rows = await appClient().$queryRaw<Done>`SELECT app.keep_challenge(${session}, ${challenge}) AS done`
  return rows[0]?.done === true
}

/** Takes it back, once; null when there is none or it is too old. */
export async function takeChallenge(session: Bytes): Promise<Bytes | null> {
  const rows = await appClient().$queryRaw<{ challenge: Bytes | null }[]>`
    SELECT app.take_challenge(${session}) AS challenge`
  return rows[0]?.challenge ?? null
}

export type NewPasskey = {
  readonly id: string
  readonly name: string
  readonly credential: Bytes
  readonly publicKey: Bytes
  readonly signCount: number
  readonly transports: readonly string[]
}

export async function insertPasskey(
  session: RenewedSession,
  passkey: NewPasskey,
  origin: RequestOrigin,
): Promise<EnrolAnswer> {
  return answered(
    await appClient().$queryRaw<Answered>`
      SELECT app.add_passkey(${session.old}, ${passkey.id}::uuid, ${passkey.name}, ${passkey.credential},
        ${passkey.publicKey}, ${passkey.signCount}::bigint, ${[...passkey.transports]}::text[], ${session.renewed},
        ${JSON.stringify(origin)}::jsonb) AS answer`,
  )
}

export type FactorRow = {
  readonly id: string
  readonly agency: string
  readonly member: string
  readonly kind: 'app' | 'passkey'
  readonly name: string
  readonly sealed: Bytes | null
  readonly credential: Bytes | null
  readonly publicKey: Bytes | null
  readonly signCount: bigint
  readonly transports: readonly string[]
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** The second factors of whoever has this session, the oldest first. */
export async function listFactors(session: Bytes): Promise<FactorRow[]> {
  return appClient().$queryRaw<FactorRow[]>`
    SELECT id, agency_id AS agency, member_id AS member, kind, name, sealed, credential_id AS credential,
      public_key AS "publicKey", sign_count AS "signCount", transports, created_at AS "createdAt",
      last_used_at AS "lastUsedAt"
    FROM app.factors_of(${session})`
}

/** Takes a place in the counters; the seconds to wait, 0 when the try may go on. */
export async function takeTries(counters: readonly Counter[]): Promise<number> {
  const rows = await appClient().$queryRaw<{ wait: number }[]>`
    SELECT app.take_tries(${keysOf(counters)}, ${kindsOf(counters)}::text[]) AS wait`
  return rows[0]?.wait ?? 0
}

/** Takes a code of an authenticator app; false when it was taken before, or session or app are gone. */
export async function markAppShown(
  session: RenewedSession,
  app: { readonly id: string; readonly step: number; readonly newSealed: Bytes | null },
  counters: readonly Counter[],
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<Done>`
    SELECT app.show_app(${session.old}, ${app.id}::uuid, ${app.step}::bigint, ${app.newSealed}, ${session.renewed},
      ${keysOf(counters)}, ${kindsOf(counters)}::text[], ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

export async function markPasskeyShown(
  session: RenewedSession,
  passkey: { readonly id: string; readonly signCount: number },
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<Done>`
    SELECT app.show_passkey(${session.old}, ${passkey.id}::uuid, ${passkey.signCount}::bigint, ${session.renewed},
      ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** Takes a recovery code by its digests, given as hex; false when there is no such code left. */
export async function markRecoveryCodeShown(
  session: RenewedSession,
  digests: readonly string[],
  counters: readonly Counter[],
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<Done>`
    SELECT app.show_recovery_code(${session.old}, ARRAY(SELECT decode(d, 'hex') FROM unnest(${[...digests]}::text[]) d),
      ${session.renewed}, ${keysOf(counters)}, ${kindsOf(counters)}::text[], ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** Puts new recovery codes in place of all earlier ones. */
export async function replaceRecoveryCodes(
  tx: ActorTx,
  digests: readonly string[],
): Promise<'ok' | 'step_up' | 'no_factor'> {
  const rows = await tx.$queryRaw<{ answer: 'ok' | 'step_up' | 'no_factor' }[]>`
    SELECT app.make_recovery_codes(ARRAY(SELECT decode(d, 'hex') FROM unnest(${[...digests]}::text[]) d),
      ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'no_factor'
}

export type RemovalAnswer = 'ok' | 'step_up' | 'not_found' | 'last_factor'

export async function deleteOwnFactor(tx: ActorTx, id: string): Promise<RemovalAnswer> {
  const rows = await tx.$queryRaw<{ answer: RemovalAnswer }[]>`
    SELECT app.remove_own_factor(${id}::uuid, ${originOf(tx)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}

/** Whether the password of whoever asks stands beside a second factor. */
export async function standsBesideFactor(tx: ActorTx): Promise<boolean> {
  const rows = await tx.$queryRaw<{ beside: boolean }[]>`SELECT app.own_beside_factor() AS beside`
  return rows[0]?.beside === true
}

type Answered = { answer: EnrolAnswer }[]
type Done = { done: boolean }[]

function answered(rows: Answered): EnrolAnswer {
  return rows[0]?.answer ?? 'ended'
}
