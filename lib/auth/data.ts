import 'server-only'
import type { RequestOrigin } from '@/lib/access/actor'
import { keysOf, kindsOf, type Counter } from '@/lib/access/counters'
import { actorOf, type ActorTx } from '@/lib/access/with-actor'
import { appClient } from '@/lib/platform/db/client'

/*
 * Before there is an actor: each of these calls one function of the database that does the one thing. The application's
 * role has no right on the tables behind them.
 */

export type SignInBegun = {
  readonly member: string | null
  /** Null for an unknown address, a member without a password, and one who may not sign in. */
  readonly passwordHash: string | null
  /** More than 0 while a counter is closed; then nothing was counted. */
  readonly waitSeconds: number
}

/** Takes a place in the counters and finds what the password is to be checked against. */
export async function beginSignIn(email: string, counters: readonly Counter[]): Promise<SignInBegun> {
  const rows = await appClient().$queryRaw<
    { member_id: string | null; password_hash: string | null; wait_seconds: number }[]
  >`SELECT * FROM app.begin_sign_in(${email}, ${keysOf(counters)}, ${kindsOf(counters)}::text[])`
  const row = rows[0]
  if (row === undefined) throw new Error('Beginning a sign-in gives one row')
  return { member: row.member_id, passwordHash: row.password_hash, waitSeconds: row.wait_seconds }
}

/** Starts the session; false when member or password changed since `beginSignIn`. */
export async function completeSignIn(
  begun: { readonly member: string; readonly passwordHash: string },
  session: { readonly hash: Uint8Array<ArrayBuffer>; readonly newPasswordHash: string | null },
  counters: readonly Counter[],
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.complete_sign_in(${begun.member}::uuid, ${begun.passwordHash}, ${session.newPasswordHash}, ${session.hash},
      ${keysOf(counters)}, ${kindsOf(counters)}::text[], ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** Records a sign-in that did not work. */
export async function recordRefusedSignIn(
  member: string | null,
  outcome: 'wrong' | 'too_many',
  origin: RequestOrigin,
): Promise<void> {
  await appClient().$queryRaw`
    SELECT app.refuse_sign_in(${member}::uuid, ${outcome}, ${JSON.stringify(origin)}::jsonb)::text`
}

/** Ends a session; false when there was none alive. */
export async function markSessionEnded(hash: Uint8Array<ArrayBuffer>, origin: RequestOrigin): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.end_session(${hash}, ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** How many notices the member of a session has not read, without using it; null when it is over. */
export async function countUnread(hash: Uint8Array<ArrayBuffer>): Promise<number | null> {
  const rows = await appClient().$queryRaw<{ unread: number | null }[]>`SELECT app.unread_notices(${hash}) AS unread`
  return rows[0]?.unread ?? null
}

/** How many seconds a session has left, without using it; null when it is over. */
export async function findSecondsLeft(hash: Uint8Array<ArrayBuffer>): Promise<number | null> {
  const rows = await appClient().$queryRaw<{ seconds: number | null }[]>`
    SELECT app.session_seconds_left(${hash}) AS seconds`
  return rows[0]?.seconds ?? null
}

export type SignInPage = {
  readonly demonstration: boolean
  readonly administered: boolean
  readonly accounts: readonly string[]
  readonly leaveUrl: string | null
}

/** What the pages before sign-in may know of the installation. */
export async function findSignInPage(): Promise<SignInPage> {
  const rows = await appClient().$queryRaw<
    { demonstration: boolean; administered: boolean; accounts: string[]; leave_url: string | null }[]
  >`SELECT * FROM app.sign_in_page()`
  const row = rows[0]
  if (row === undefined) throw new Error('The installation has no row')
  const { leave_url: leaveUrl, ...page } = row
  return { ...page, leaveUrl }
}

export type FoundInvitation = {
  readonly email: string
  readonly displayName: string
  readonly agencyName: string
  readonly locale: string
  /** Whether the password will always stand beside a second factor. */
  readonly besideFactor: boolean
}

/** Whom an invitation is for; null when it is used, too old, or never was. */
export async function findInvitation(hash: Uint8Array<ArrayBuffer>): Promise<FoundInvitation | null> {
  const rows = await appClient().$queryRaw<
    { email: string; display_name: string; agency_name: string; locale: string; beside_factor: boolean }[]
  >`SELECT * FROM app.find_invitation(${hash})`
  const row = rows[0]
  if (row === undefined) return null
  const { email, display_name: displayName, agency_name: agencyName, locale, beside_factor: besideFactor } = row
  return { email, displayName, agencyName, locale, besideFactor }
}

/** A new password as it is stored: its hash, and whether it is long enough without a second factor. */
export type NewPassword = { readonly hash: string; readonly standsAlone: boolean }

/** Uses an invitation up and sets the member's password; false when it doesn't hold any more. */
export async function markInvitationAccepted(
  hash: Uint8Array<ArrayBuffer>,
  password: NewPassword,
  origin: RequestOrigin,
): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.accept_invitation(${hash}, ${password.hash}, ${password.standsAlone}, ${JSON.stringify(origin)}::jsonb) AS done`
  return rows[0]?.done === true
}

/** Sets a new password in place of the one just verified; false when that changed meanwhile. */
export async function markPasswordChanged(tx: ActorTx, verifiedHash: string, password: NewPassword): Promise<boolean> {
  const origin = JSON.stringify(actorOf(tx).origin ?? {})
  const rows = await tx.$queryRaw<{ done: boolean }[]>`
    SELECT app.change_password(${verifiedHash}, ${password.hash}, ${password.standsAlone}, ${origin}::jsonb) AS done`
  return rows[0]?.done === true
}

export type KeptRow = {
  readonly id: string
  readonly path: string
  readonly sealed: Uint8Array<ArrayBuffer>
}

/** Keeps a sealed form for the member whose session this was; false when the session is unknown or long gone. */
export async function insertKeptForm(session: Uint8Array<ArrayBuffer>, form: KeptRow): Promise<boolean> {
  const rows = await appClient().$queryRaw<{ done: boolean }[]>`
    SELECT app.keep_form(${session}, ${form.id}::uuid, ${form.path}, ${form.sealed}) AS done`
  return rows[0]?.done === true
}

/** Takes out the form that was kept on this page for the member whose living session this is. */
export async function takeKeptRow(
  session: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<Omit<KeptRow, 'path'> | null> {
  const rows = await appClient().$queryRaw<Omit<KeptRow, 'path'>[]>`
    SELECT * FROM app.take_kept_form(${session}, ${path})`
  return rows[0] ?? null
}
