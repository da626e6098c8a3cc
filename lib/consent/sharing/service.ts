import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { coveringAgreementIn } from '@/lib/agencies/agreements/service'
import { record } from '@/lib/audit/record'
import type { CaseFrameView } from '@/lib/cases/overview-schema'
import { frameAroundListIn } from '@/lib/cases/overview-service'
import { findCaseForRead, type CaseRef } from '@/lib/cases/reference-service'
import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { findReceiver, listReceivers, type ReceiverRow } from '../data'
import { FIELD_KEYS, fieldsFor } from '../fields'
import { mayReadConsents } from '../policy'
import type { ReceiverView } from '../schema'
import { disclosurePosition, listDecisions, listDisclosureRows, type DisclosureRow } from './data'
import type {
  AgreementLine,
  DisclosureView,
  ExplainSharingInput,
  ListDisclosuresInput,
  SharingAnswer,
  ExplainedPurpose,
} from './schema'

const PAGE = 50

/**
 * May another agency see this now, and on which basis? Field by field, from the same function that everything asks which
 * shares, with the agreement that it needs beside it. Without an agency and a purpose there is a question and no answer.
 *
 * Refuses with `not_found` when the actor may not know of the case, `forbidden` off its team, `invalid` an agency that
 * is none of the network.
 */
export async function explainSharing(
  actor: Actor,
  input: ExplainSharingInput,
): Promise<
  Result<{
    readonly frame: CaseFrameView
    readonly receivers: readonly ReceiverView[]
    readonly answer: SharingAnswer | null
  }>
> {
  return withActor(actor, async (tx) => {
    const found = await findForTeam(tx, actor, input.case)
    if (!found.ok) return found
    const on = found.value
    const frame = await frameAroundListIn(tx, on.code)
    if (!frame.ok) return frame
    const receivers = await listReceivers(tx)
    const { agency, purpose } = input
    const isAsked = agency !== undefined && purpose !== undefined
    const receiver = isAsked ? await findReceiver(tx, agency) : null
    if (isAsked && receiver === null) return refuse('invalid', 'agency', { agency: ['consents.errors.no_agency'] })
    await record(tx, {
      type: 'sharing.explained',
      subject: on.code,
      ...aboutCase(on),
      ...(isAsked ? { purpose, basis: agency } : {}),
    })
    const answer =
      receiver === null || purpose === undefined ? null : await answerOf(tx, on, receiver, purpose, input.category)
    return ok({ frame: frame.value, receivers, answer })
  })
}

/**
 * What left of a case, to whom, on which basis and by whom, the latest first; with what of its person left apart from
 * any case. Refuses as `explainSharing` does.
 */
export async function listDisclosures(
  actor: Actor,
  input: ListDisclosuresInput,
): Promise<
  Result<{
    readonly frame: CaseFrameView
    readonly items: readonly DisclosureView[]
    readonly nextCursor: string | null
    readonly previousCursor: string | null
  }>
> {
  return withActor(actor, async (tx) => {
    const found = await findForTeam(tx, actor, input.case)
    if (!found.ok) return found
    const on = found.value
    const frame = await frameAroundListIn(tx, on.code)
    if (!frame.ok) return frame
    const scope = `disclosures:${on.code}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const rows = await listDisclosureRows(tx, { caseId: on.id, person: on.person }, PAGE, cursor)
    const page = pageOf(scope, cursor, PAGE, rows, disclosurePosition)
    await record(tx, { type: 'disclosure.listed', subject: on.code, ...aboutCase(on) })
    return ok({
      frame: frame.value,
      items: page.rows.map(viewOf),
      nextCursor: page.later,
      previousCursor: page.earlier,
    })
  })
}

/** Everything that left about a person, as far as the actor is on the team of its case: for their statement. */
export async function disclosuresOfIn(
  tx: ActorTx,
  person: string,
  most: number,
): Promise<{ readonly items: readonly DisclosureView[]; readonly isCut: boolean }> {
  const rows = await listDisclosureRows(tx, { caseId: null, person }, most, null)
  return { items: rows.slice(0, most).map(viewOf), isCut: rows.length > most }
}

async function findForTeam(tx: ActorTx, actor: Actor, code: string): Promise<Result<CaseRef>> {
  const found = await findCaseForRead(tx, code)
  return found.ok && !mayReadConsents(actor, found.value) ? refuse('forbidden') : found
}

async function answerOf(
  tx: ActorTx,
  on: CaseRef,
  receiver: ReceiverRow,
  purpose: ExplainedPurpose,
  category: CategoryKey | undefined,
): Promise<SharingAnswer> {
  const asked = category === undefined ? FIELD_KEYS : fieldsFor([category], 'full')
  const told = await listDecisions(tx, on.id, receiver.id, purpose, asked)
  const agreements: AgreementLine[] = []
  // The authority's competence is the law's, and what an agency keeps of its own is between it and the person: no agreement
  // stands beside what the person says.
  if (purpose !== 'identification' && purpose !== 'own_file') {
    for (const one of category === undefined ? CATEGORY_KEYS : [category]) {
      const covering = await coveringAgreementIn(tx, receiver.id, purpose, one)
      agreements.push({ category: one, agreement: covering?.agreement ?? null })
    }
  }
  const places = new Map<string, number>(FIELD_KEYS.map((key, place) => [key, place]))
  return {
    agency: { key: receiver.key, name: receiver.name },
    purpose,
    category: category ?? null,
    fields: [...told].sort((a, b) => (places.get(a.field) ?? 0) - (places.get(b.field) ?? 0)),
    agreements,
  }
}

function viewOf({ id: _id, at, ...row }: DisclosureRow): DisclosureView {
  return { ...row, at: at.toISOString() }
}

function aboutCase(on: CaseRef) {
  return { personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
}
