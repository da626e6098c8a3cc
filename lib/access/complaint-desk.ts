import 'server-only'
import { keysOf, kindsOf, type Counter } from '@/lib/access/counters'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { masterVersionOf, unwrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { appClient } from '@/lib/platform/db/client'

/*
 * Complaints come before there is an actor: each of these calls one function of the database that does the one thing. The
 * application's role has no right on the tables behind them.
 */

/** Who reads a complaint, and by which key names in it are found. The same shape for a code that is no slip's. */
export type ComplaintRecipient = { readonly body: SealingKey; readonly index: SealingKey }

type OpenedComplaint = { readonly wait: number; readonly recipient: ComplaintRecipient | null }

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Counts a complaint that comes in with this code, before anything is done with what was written: the seconds to wait while
 * a counter is closed, else the body that takes it; null while no body does.
 */
export async function openComplaint(slip: string, counters: readonly Counter[]): Promise<OpenedComplaint> {
  const rows = await appClient().$queryRaw<
    {
      wait: number
      body: string
      version: number
      wrapped: Uint8Array
      holder: string
      index_version: number
      index_wrapped: Uint8Array
    }[]
  >`SELECT * FROM app.open_complaint(${slip}, ${keysOf(counters)}, ${kindsOf(counters)}::text[])`
  const row = rows[0]
  if (row === undefined) return { wait: 0, recipient: null }
  if (row.wait > 0) return { wait: row.wait, recipient: null }
  const master = masterKeys(Math.max(masterVersionOf(row.wrapped), masterVersionOf(row.index_wrapped)))
  const body = unwrapAgencyKey(master, 'data', row.body, row.version, row.wrapped)
  const index = unwrapAgencyKey(master, 'index', row.holder, row.index_version, row.index_wrapped)
  return { wait: 0, recipient: { body, index } }
}

/** Which of these digests are of the person to whom the slip was given, as hex. */
export async function ownAmong(slip: string, digests: readonly Uint8Array[]): Promise<ReadonlySet<string>> {
  const hex = digests.map((digest) => Buffer.from(digest).toString('hex'))
  const rows = await appClient().$queryRaw<{ token: Uint8Array }[]>`
    SELECT token FROM app.complaint_own_tokens(${slip}, ARRAY(SELECT decode(h, 'hex') FROM unnest(${hex}::text[]) h))`
  return new Set(rows.map(({ token }) => Buffer.from(token).toString('hex')))
}

/** What is kept of a complaint beside its text. */
export type ToldInCodes = Readonly<Record<string, string | boolean | null>>

export type SealedComplaint = {
  readonly id: string
  readonly body: SealingKey
  readonly told: ToldInCodes
  readonly text: { readonly sealed: Bytes; readonly wrapped: Bytes } | null
}

/** Takes a complaint; its code, which is that of the first one where the same form comes again. */
export async function fileComplaint(slip: string, { id, body, told, text }: SealedComplaint): Promise<string> {
  const rows = await appClient().$queryRaw<{ code: string }[]>`
    SELECT app.file_complaint(${id}::uuid, ${body.id}::uuid, ${slip}, ${JSON.stringify(told)}::jsonb, ${text?.sealed ?? null},
      ${text === null ? null : body.version}::int, ${text?.wrapped ?? null}) AS code`
  const row = rows[0]
  if (row === undefined) throw new Error('Taking a complaint gives one code')
  return row.code
}

export type ComplaintAnswerRow = {
  readonly wait: number
  readonly state: string | null
  readonly result: string | null
  readonly nextStep: string | null
}

/** How a complaint stands; null where there is none with this code. */
export async function complaintAnswer(code: string, counters: readonly Counter[]): Promise<ComplaintAnswerRow | null> {
  const rows = await appClient().$queryRaw<ComplaintAnswerRow[]>`
    SELECT wait, state, result, next_step AS "nextStep" FROM app.complaint_answer(${code}, ${keysOf(counters)}, ${kindsOf(counters)}::text[])`
  return rows[0] ?? null
}
