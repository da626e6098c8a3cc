import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { networkClockIn } from '@/lib/agencies/network-service'
import { record } from '@/lib/audit/record'
import { findCaseForRead } from '@/lib/cases/reference-service'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { openCursor, sealCursor } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import {
  findPause,
  findReferral,
  findRouting,
  listReferralRows,
  openPackage,
  openReferral,
  textKind,
  type ReferralRow,
  type Routing,
  type SealedPiece,
} from './data'
import { listDeskActs } from './desk/data'
import { openFact, openOwnKey, openWords } from './keys'
import { mayOpenPackages, mayReadReferrals } from './policy'
import type {
  DisclosedField,
  ListReferralsInput,
  PackageView,
  ReferralInput,
  ReferralPage,
  ReferralTextView,
  ReferralView,
} from './schema'
import { lineOf, movesOf, type Watch } from './view'

/**
 * The referrals of a box, the latest first: what came in, what went out, or for the coordinator those of the network, by
 * code and without identity. Refuses with `forbidden` roles without referrals, `not_found` for a case that the actor may
 * not know of, and `invalid` for a cursor of another list.
 */
export async function listReferrals(actor: Actor, input: ListReferralsInput): Promise<Result<ReferralPage>> {
  if (!mayReadReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const on = input.case === undefined ? null : await findCaseForRead(tx, input.case)
    if (on?.ok === false) return on
    const scope = `referrals:${[input.box, ...(input.states ?? []), on?.value.code ?? ''].join(':')}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const before = cursor?.position[0]
    const found = await listReferralRows(tx, {
      box: input.box,
      states: input.states ?? null,
      caseId: on?.value.id ?? null,
      before: typeof before === 'string' ? before : null,
      limit: input.limit + 1,
    })
    const rows = found.slice(0, input.limit)
    const last = rows.at(-1)
    await record(tx, {
      type: 'referral.listed',
      purpose: input.box,
      ...(on === null ? {} : { subject: on.value.code, caseId: on.value.id, personId: on.value.person }),
    })
    const hasMore = found.length > rows.length && last !== undefined
    const watch = await watchIn(tx)
    return ok({
      items: rows.map((row) => lineOf(row, watch)),
      nextCursor: hasMore ? sealCursor(scope, { direction: 'after', position: [last.id] }) : null,
    })
  })
}

/** One referral, with what its reader may see of it now. Refuses with `not_found` whoever it doesn't concern. */
export async function viewReferral(actor: Actor, input: ReferralInput): Promise<Result<ReferralView>> {
  if (!mayReadReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findReferral(tx, input.referral)
    return row === null ? refuse('not_found') : ok(await viewIn(tx, actor, row))
  })
}

/** A referral as its reader sees it, in a transaction that found it; the database writes the look. */
export async function viewIn(tx: ActorTx, actor: Actor, row: ReferralRow): Promise<ReferralView> {
  const pieces = await openReferral(tx, row.code)
  const { preview, texts } = await openPieces(tx, row, pieces)
  const routing = await findRouting(tx, row.code)
  const pause = await findPause(tx, row.code)
  return {
    ...lineOf(row, await watchIn(tx)),
    preview,
    texts,
    package:
      row.package_open === null || row.package_open.length === 0
        ? null
        : { fields: fieldKeys(row.package_open), until: row.package_until?.toISOString() ?? null },
    fields: fieldKeys(row.fields),
    ...movesOf(actor, row, { awaitsBasis: routing.awaits_basis, unanswered: pause.unanswered }),
    pauseEndsAt: pause.ends_at?.toISOString() ?? null,
    unanswered: pause.unanswered,
    routing: routingOf(routing),
    calendarVersion: routing.calendar_version,
    deskActs: await listDeskActs(tx, row.code),
    mark: markOf(row),
  }
}

/**
 * Opens the package: what something living covers at this moment, field by field. The database checks, writes the look
 * and hands out in one step. Refuses with `not_found` when there is nothing that the actor may open.
 */
export async function readPackage(actor: Actor, input: ReferralInput): Promise<Result<PackageView>> {
  if (!mayOpenPackages(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findReferral(tx, input.referral)
    if (row === null) return refuse('not_found')
    const pieces = await openPackage(tx, row.code)
    if (pieces.length === 0) return refuse('not_found')
    const fields: DisclosedField[] = []
    for (const piece of pieces) {
      const field = FIELD_KEYS.find((key) => key === piece.field)
      if (field === undefined) continue
      const key = await openOwnKey(tx, piece.part, piece)
      fields.push({ field, value: openFact(key, row.holder_id, piece.place, piece.sealed) })
    }
    return ok({
      code: row.code,
      case: row.case_code,
      version: Math.max(...pieces.map(({ version }) => version)),
      fields,
    })
  })
}

/**
 * What changes whenever a referral does, and whether its package may be opened now. For pages that lie open: nothing of the
 * referral is shown, and nothing is written. Refuses with `not_found` whoever it doesn't concern.
 */
export async function referralMark(
  actor: Actor,
  input: ReferralInput,
): Promise<Result<{ readonly mark: string; readonly isOpen: boolean }>> {
  if (!mayReadReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findReferral(tx, input.referral)
    if (row === null) return refuse('not_found')
    return ok({ mark: markOf(row), isOpen: isOpenTo(row) })
  })
}

/** Whether the package may be opened now: the sending team always sees what went along. */
function isOpenTo(row: ReferralRow): boolean {
  return row.side === 'sender' ? row.on_team && row.sent_at !== null : (row.package_open ?? []).length > 0
}

/** Another text after each change of a referral that its page would show. */
export function markOf({ state, version, overdue, package_open: open }: ReferralRow): string {
  return [state, version, overdue ? 'late' : '', (open ?? []).length].join('.')
}

/** By what the clocks of referrals are read in this transaction. */
export async function watchIn(tx: ActorTx): Promise<Watch> {
  return { clock: await networkClockIn(tx), now: nowIn(tx) }
}

function routingOf({ rerouted, awaits_basis: awaitsBasis, from_code: from, to_code: to, needs }: Routing) {
  return rerouted || to !== null ? { rerouted, awaitsBasis, from, to, needs } : null
}

async function openPieces(
  tx: ActorTx,
  row: ReferralRow,
  pieces: readonly SealedPiece[],
): Promise<{ readonly preview: readonly DisclosedField[] | null; readonly texts: readonly ReferralTextView[] }> {
  const [first] = pieces
  if (first === undefined) return { preview: null, texts: [] }
  const key = await openOwnKey(tx, 'preview', first)
  const preview: DisclosedField[] = []
  const texts: ReferralTextView[] = []
  for (const piece of pieces) {
    const field = FIELD_KEYS.find((known) => known === piece.name)
    if (piece.kind === 'text') {
      const text = openWords(key, row.holder_id, piece.place, piece.sealed)
      texts.push({ kind: textKind(piece.name), text, at: piece.at.toISOString(), own: piece.own })
    } else if (field !== undefined) {
      preview.push({ field, value: openFact(key, row.holder_id, piece.place, piece.sealed) })
    }
  }
  const order = (field: FieldKey) => FIELD_KEYS.indexOf(field)
  return {
    preview: preview.length === 0 ? null : preview.sort((a, b) => order(a.field) - order(b.field)),
    texts,
  }
}

function fieldKeys(fields: readonly string[]): readonly FieldKey[] {
  return FIELD_KEYS.filter((key) => fields.includes(key))
}
