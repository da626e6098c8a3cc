import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { networkClockIn } from '@/lib/agencies/network-service'
import { livingNeedsIn } from '@/lib/assistance/needs/service'
import { record } from '@/lib/audit/record'
import { findCaseForWrite, type CaseRef } from '@/lib/cases/reference-service'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { findListedServiceIn } from '@/lib/directory/service'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { newCode, newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { startClock } from '../clock/rules'
import { factsIn } from '../compose-service'
import { listReferralRows, type Basis } from '../data'
import { makeKey, sealWords } from '../keys'
import { maySendReferrals } from '../policy'
import { leavingFields, offeredField } from '../rules'
import type { ReferralView } from '../schema'
import { mostPressing, sealAndSend, stillThere, subjectOf } from '../send-service'
import { viewIn } from '../service'
import { findLead, findTransferBases, insertTransfer, listPossibleLeads } from './data'
import { handedOver, waitingTransfer, wantedForLead, withTheirNeeds } from './rules'
import type { NoTransfer, PrepareTransferInput, TransferLeadInput, TransferView } from './schema'

const MOST_OF_CASE = 200

/**
 * How the lead of a case stands, whom it could be handed to, and for a chosen service what its agency would see, field by
 * field. Identity stays shut. For the team of the agency that holds the case; refuses with `not_found`, `forbidden` off the
 * team, and `conflict` (`case_closed`, `no_service`).
 */
export async function prepareTransfer(actor: Actor, input: PrepareTransferInput): Promise<Result<TransferView>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    const { lead, waiting } = await standingOf(tx, on)
    const services = await listPossibleLeads(tx, on.id)
    const service = services.find(({ code }) => code === input.directoryService)
    if (input.directoryService !== undefined && service === undefined) return refuse('conflict', 'no_service')
    await record(tx, {
      type: 'referral.offered',
      ...about(on),
      ...(service === undefined ? {} : { basis: service.code }),
    })
    return ok({
      case: on.code,
      person: on.personCode,
      lead,
      waiting,
      services,
      offer:
        service === undefined ? null : { service, ...(await offerIn(tx, on, service.code, input.fields, waiting)) },
    })
  })
}

/**
 * Offers the lead of a case to another agency; it goes at once. The lead moves when that agency has accepted, and another
 * member of the team than the one who sent it has confirmed.
 *
 * Refuses with `not_found`, `forbidden` off the team, `invalid` (a reason that seems to hold identity, `text_flagged`,
 * unless `warn` lets the view tell of it), and `conflict`: `case_closed`, `no_service`, `under_way` while another transfer
 * waits, `leads_already`, `no_agreement` where the two agencies agreed on nothing that covers it, and `no_basis`: a consent
 * to share for help is none for this.
 */
export async function transferLead(
  actor: Actor,
  input: TransferLeadInput,
  check: TextCheck = 'ask',
): Promise<Result<ReferralView>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    const service = await findListedServiceIn(tx, input.directoryService)
    if (service === null) return refuse('conflict', 'no_service', { directoryService: ['referrals.errors.no_service'] })
    const reason = input.reason === '' ? undefined : input.reason
    const { fault, told } = await checkTexts(tx, on.person, { reason: { text: reason, kept: undefined } }, check)
    if (fault !== null) return fault
    const needs = await livingNeedsIn(tx, on.id)
    const bases = await basesFor(tx, on, service.agencyId, wantedForLead(input.fields))
    const leaving = leavingIn(wantedForLead(input.fields), bases)
    const why = whyNot(leaving, bases)
    if (why !== null) return refuse('conflict', why)
    const stays = (input.fields ?? []).filter((field) => !leaving.includes(field))
    if (stays.length > 0) return refuse('conflict', 'no_basis', { fields: ['referrals.errors.uncovered'] })

    const urgency = input.urgency ?? mostPressing(needs)
    const code = await draftIn(tx, on, { serviceId: service.id, urgency, fields: leaving, reason })
    if (typeof code !== 'string') return code
    const clock = startClock(await networkClockIn(tx), urgency, nowIn(tx))
    const refused = await sealAndSend(tx, await stillThere(tx, code), { on, needs, leaving, clock })
    return refused ?? ok({ ...(await viewIn(tx, actor, await stillThere(tx, code))), ...told })
  })
}

/** Who leads, and the transfer that waits. */
async function standingOf(tx: ActorTx, on: CaseRef): Promise<Pick<TransferView, 'lead' | 'waiting'>> {
  const rows = await listReferralRows(tx, {
    box: 'out',
    states: null,
    caseId: on.id,
    before: null,
    limit: MOST_OF_CASE,
  })
  const lead = await findLead(tx, on.id)
  const led = rows.find(({ kind, state }) => kind === 'transfer' && state === 'in_service')
  return {
    lead:
      lead === null || led === undefined
        ? null
        : { agencyName: lead.agencyName, transfer: led.code, since: lead.since.toISOString() },
    waiting: waitingTransfer(rows)?.code ?? null,
  }
}

async function offerIn(
  tx: ActorTx,
  on: CaseRef,
  code: string,
  chosen: readonly FieldKey[] | undefined,
  waiting: string | null,
): Promise<Omit<NonNullable<TransferView['offer']>, 'service'>> {
  const service = await findListedServiceIn(tx, code)
  if (service === null) throw new Error('A service that could lead is out of sight')
  const needs = await livingNeedsIn(tx, on.id)
  const bases = await basesFor(tx, on, service.agencyId, FIELD_KEYS)
  const leaving = leavingIn(wantedForLead(chosen), bases)
  const facts = await factsIn(tx, subjectOf(on), needs, FIELD_KEYS, 'keep_shut')
  const fields = FIELD_KEYS.map((field) =>
    offeredField(field, bases.get(field), { wanted: leaving.includes(field), value: facts.get(field) }),
  )
  return { urgency: mostPressing(needs), fields, why: waiting === null ? whyNot(leaving, bases) : 'under_way' }
}

async function basesFor(
  tx: ActorTx,
  on: CaseRef,
  receiver: string,
  fields: readonly FieldKey[],
): Promise<ReadonlyMap<string, Basis>> {
  const rows = await findTransferBases(tx, { caseId: on.id, receiver, fields })
  return new Map(rows.map((row) => [row.field, row]))
}

function leavingIn(wanted: readonly FieldKey[], bases: ReadonlyMap<string, Basis>): readonly FieldKey[] {
  const allowed = new Set([...bases.values()].filter((basis) => basis.allowed).map(({ field }) => field))
  return withTheirNeeds(leavingFields(wanted, allowed))
}

/** Nobody leads what they are told no need of. */
function whyNot(leaving: readonly FieldKey[], bases: ReadonlyMap<string, Basis>): NoTransfer | null {
  if (handedOver(leaving).length > 0) return null
  return [...bases.values()].some(({ reason }) => reason === 'no_agreement') ? 'no_agreement' : 'no_basis'
}

async function draftIn(
  tx: ActorTx,
  on: CaseRef,
  {
    reason,
    ...draft
  }: Pick<Parameters<typeof insertTransfer>[1], 'serviceId' | 'urgency' | 'fields'> & {
    readonly reason: string | undefined
  },
): Promise<string | Refused> {
  const code = newCode('REF')
  const preview = await makeKey(tx, 'preview')
  const rest = await makeKey(tx, 'package')
  const reasonId = newId()
  aboutSubject(tx, code)
  const answer = await insertTransfer(tx, {
    ...draft,
    id: newId(),
    code,
    caseId: on.id,
    previewKey: preview.wrapped,
    packageKey: rest.wrapped,
    reason:
      reason === undefined ? null : { id: reasonId, sealed: sealWords(preview.key, on.holderAgency, reasonId, reason) },
  })
  if (answer === 'ok') return code
  return answer === 'not_found' ? refuse(answer) : refuse('conflict', answer)
}

function about(on: CaseRef) {
  return { subject: on.code, personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
}
