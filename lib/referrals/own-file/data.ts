import { originOf, type ActorTx } from '@/lib/access/with-actor'

import type { PackagePiece } from '../data'
import type { Duty, OwnFileKind } from './schema'

export type OwnFileRow = {
  readonly referral: string
  readonly side: 'sender' | 'receiver'
  readonly agency: string
  readonly agency_key: string
  readonly fields: readonly string[]
  readonly opened_at: Date
  readonly basis_ended_at: Date | null
  readonly ended_at: Date | null
  readonly kind: OwnFileKind
  readonly duty: Duty | null
  readonly basis_codes: readonly string[]
  readonly based_at: Date
  readonly source: string | null
  /** The own record: for those who work on it alone. */
  readonly own_person: string | null
  readonly own_case: string | null
  readonly own_person_id: string | null
  readonly on_own_team: boolean
  readonly own_is_open: boolean
  readonly known_before: boolean | null
  readonly words_id: string | null
  readonly words: Uint8Array | null
}

/** The own file of a referral, as far as the actor may know of it. */
export async function findOwnFile(tx: ActorTx, referral: string): Promise<OwnFileRow | null> {
  const rows = await tx.$queryRaw<OwnFileRow[]>`SELECT * FROM app.own_files(${referral}, NULL, NULL)`
  return rows[0] ?? null
}

/** The referral that a case of the actor's team was opened after, as a file of their agency's own. */
export async function findReferralOfOwnCase(tx: ActorTx, own: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ referral: string }[]>`SELECT referral FROM app.own_files(NULL, NULL, ${own})`
  return rows[0]?.referral ?? null
}

/** The files that other agencies keep of a person of the actor's team. */
export async function listOwnFilesOf(tx: ActorTx, person: string): Promise<readonly OwnFileRow[]> {
  return tx.$queryRaw<OwnFileRow[]>`SELECT * FROM app.own_files(NULL, ${person}::uuid, NULL)`
}

/** Which fields of what a package shows now a basis lets its receiver keep; none for whoever may not open an own file. */
export async function listAllowed(tx: ActorTx, referral: string, kind: OwnFileKind): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ field: string }[]>`SELECT field FROM app.own_file_offer(${referral}, ${kind})`
  return rows.map(({ field }) => field)
}

/** Hands out what is copied, for whoever opens an own file in this transaction; the database checks, and writes the look. */
export async function takeForOwnFile(
  tx: ActorTx,
  referral: string,
  kind: OwnFileKind,
  fields: readonly string[],
): Promise<readonly PackagePiece[]> {
  return tx.$queryRaw<PackagePiece[]>`
    SELECT field, part, place, sealed, key_id, wrap_version, wrapped, version
    FROM app.take_for_own_file(${referral}, ${kind}, ${[...fields]}::text[], ${originOf(tx)}::jsonb)`
}

/** What an own file rests on, as the database takes it. */
export type NewBasis = {
  readonly id: string
  readonly kind: OwnFileKind
  readonly duty: Duty | null
  readonly words: Uint8Array<ArrayBuffer> | null
}

export type KeepAnswer = 'ok' | 'not_found' | 'exists' | 'no_basis'

/** Links what was just registered to its referral. */
export async function keepOwnFile(
  tx: ActorTx,
  file: {
    readonly referral: string
    readonly case: string
    readonly known: boolean
    readonly fields: readonly string[]
    readonly basis: NewBasis
  },
): Promise<KeepAnswer> {
  const { basis } = file
  return answerOf(
    await tx.$queryRaw<{ answer: KeepAnswer }[]>`
      SELECT app.keep_own_file(${file.referral}, ${file.case}, ${file.known}, ${[...file.fields]}::text[], ${basis.id}::uuid, ${basis.kind},
        ${basis.duty}::text, ${basis.words}::bytea, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export type ChangeAnswer = 'ok' | 'not_found' | 'ended' | 'case_open'

/** Records what an own file rests on from now on. */
export async function changeBasis(tx: ActorTx, referral: string, basis: NewBasis): Promise<ChangeAnswer> {
  return answerOf(
    await tx.$queryRaw<{ answer: ChangeAnswer }[]>`
      SELECT app.rebase_own_file(${referral}, ${basis.id}::uuid, ${basis.kind}, ${basis.duty}::text, ${basis.words}::bytea,
        ${originOf(tx)}::jsonb) AS answer`,
  )
}

/** Ends an own file whose case is closed. */
export async function markEnded(tx: ActorTx, referral: string): Promise<ChangeAnswer> {
  return answerOf(
    await tx.$queryRaw<{ answer: ChangeAnswer }[]>`
      SELECT app.end_own_file(${referral}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

function answerOf<T>(rows: readonly { readonly answer: T }[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('A change to an own file gives one answer')
  return row.answer
}
