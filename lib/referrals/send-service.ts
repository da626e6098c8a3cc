import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, nowIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { networkClockIn } from '@/lib/agencies/network-service'
import type { NeedToRefer } from '@/lib/assistance/needs/schema'
import { needsOfCaseIn } from '@/lib/assistance/needs/service'
import { record } from '@/lib/audit/record'
import { findCaseForWrite, type CaseRef } from '@/lib/cases/reference-service'
import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import { bestListedServiceIn, findListedServiceIn } from '@/lib/directory/service'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { newCode, newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { startClock } from './clock/rules'
import type { ClockMoments } from './clock/schema'
import { factsIn, type Subject } from './compose-service'
import {
  findOffer,
  findReceivingKey,
  findReferral,
  findRouting,
  findSenderKeys,
  insertDraft,
  markSent,
  markShared,
  type Basis,
  type DraftAnswer,
  type ReferralRow,
  type SealedField,
  type SendAnswer,
} from './data'
import { makeKey, openOwnKey, sealFact, sealWords, wrapForOther } from './keys'
import { maySendReferrals } from './policy'
import { leavingFields, nextBeforeBasis, nextState, offeredField, partOf, possibleFields, wantedFields } from './rules'
import {
  REFERRAL_URGENCIES,
  type CreateReferralInput,
  type OfferInput,
  type OfferView,
  type ReferralInput,
  type ReferralUrgency,
  type ReferralView,
} from './schema'
import { viewIn } from './service'

type Listed = NonNullable<Awaited<ReturnType<typeof findListedServiceIn>>>

/**
 * Shows the sender what would leave for a listed service, field by field: what the other agency would see at once, what
 * after accepting, what stays and why. Identity stays shut. Refuses with `not_found`, `forbidden` off the team,
 * `conflict` (`case_closed`, `no_service`) and `invalid` for needs of another case.
 */
export async function offerReferral(actor: Actor, input: OfferInput): Promise<Result<OfferView>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await startOf(tx, input.case, input.needs)
    if (!found.ok) return found
    const { on, needs } = found.value
    const service = await findListedServiceIn(tx, input.directoryService)
    if (service === null) return refuse('conflict', 'no_service', { directoryService: ['referrals.errors.no_service'] })
    const categories = categoriesIn(needs)
    const wanted = wantedFields(categories, input.fields)
    const possible = possibleFields(categories, FIELD_KEYS)
    const bases = await basesFor(tx, on, service.agencyId, categories, possible)
    const leaving = new Set(leavingFields(wanted, allowedIn(bases)))
    const facts = await factsIn(tx, subjectOf(on), needs, possible, 'keep_shut')
    await record(tx, {
      type: 'referral.offered',
      subject: on.code,
      personId: on.person,
      caseId: on.id,
      holderAgencyId: on.holderAgency,
      basis: service.code,
    })
    const why = whyNot(bases, categories)
    return ok({
      case: on.code,
      person: on.personCode,
      service: {
        code: service.code,
        name: service.name,
        agency: service.agency,
        agencyName: service.agencyName,
      },
      categories,
      urgency: mostPressing(needs),
      fields: possible.map((field) =>
        offeredField(field, bases.get(field), { wanted: leaving.has(field), value: facts.get(field) }),
      ),
      ready: why === null,
      why,
    })
  })
}

/**
 * Makes a referral for needs of a case to a listed service, or to the best-fitting one of an agency; with `send` it goes
 * at once.
 *
 * Refuses with `not_found`, `forbidden` off the team, `invalid` (needs of another case; a reason that seems to hold
 * identity, `text_flagged`, unless `warn` lets the view tell of it), and `conflict`: `case_closed`, `no_service`,
 * `no_agreement` where the two agencies agreed on nothing that covers it, `no_basis` where the person didn't.
 */
export async function createReferral(
  actor: Actor,
  input: CreateReferralInput,
  check: TextCheck = 'ask',
): Promise<Result<ReferralView>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await startOf(tx, input.case, input.needs)
    if (!found.ok) return found
    const { on, needs } = found.value
    const service = await serviceFor(tx, input, needs)
    if (service === null) return refuse('conflict', 'no_service', { toAgency: ['referrals.errors.no_service'] })
    const reason = input.reason === '' ? undefined : input.reason
    const { fault, told } = await checkTexts(tx, on.person, { reason: { text: reason, kept: undefined } }, check)
    if (fault !== null) return fault
    const uncovered = await uncoveredOf(tx, on, service, needs, input.fields)
    if (uncovered !== null) return uncovered

    const code = await draftIn(tx, on, service, needs, { ...input, reason })
    if (typeof code !== 'string') return code
    if (input.send === true) {
      const refused = await sendIn(tx, code, on, needs)
      if (refused !== null) return refused
    }
    return ok({ ...(await viewIn(tx, actor, await stillThere(tx, code))), ...told })
  })
}

/**
 * Sends a draft, or shares with the agency that a coordinator asked instead what something living covers. Refuses with
 * `not_found`, `forbidden` off the team, and `conflict` as `createReferral` does.
 */
export async function sendReferral(actor: Actor, input: ReferralInput): Promise<Result<ReferralView>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const row = await findReferral(tx, input.referral)
    if (row === null) return refuse('not_found')
    if (row.side !== 'sender' || row.case_code === null || row.case_id === null) return refuse('forbidden')
    const routing = await findRouting(tx, row.code)
    const next = routing.awaits_basis ? nextBeforeBasis('send', row.state) : nextState('send', row.state, null)
    if (next === null) return refuse('conflict', 'wrong_state')
    const on = await findCaseForWrite(tx, row.case_code)
    if (!on.ok) return on
    aboutSubject(tx, row.code)
    const codes = routing.awaits_basis ? routing.needs : row.needs.flatMap(({ code }) => code ?? [])
    const needs = await needsOfCaseIn(tx, row.case_id, codes)
    if (needs === null || needs.length === 0) return refuse('conflict', 'needs')
    const refused = await (routing.awaits_basis ? shareIn : sendIn)(tx, row.code, on.value, needs)
    return refused ?? ok(await viewIn(tx, actor, await stillThere(tx, row.code)))
  })
}

/** The case of the actor's team and the needs that a referral is for. */
async function startOf(
  tx: ActorTx,
  caseCode: string,
  codes: readonly string[],
): Promise<Result<{ readonly on: CaseRef; readonly needs: readonly NeedToRefer[] }>> {
  const found = await findCaseForWrite(tx, caseCode)
  if (!found.ok) return found
  const needs = await needsOfCaseIn(tx, found.value.id, codes)
  aboutSubject(tx, found.value.code)
  const isLiving = needs?.every(({ state }) => state === 'open' || state === 'planned' || state === 'being_met')
  if (needs === null || isLiving !== true) return refuse('invalid', 'needs', { needs: ['referrals.errors.needs'] })
  return ok({ on: found.value, needs })
}

async function serviceFor(
  tx: ActorTx,
  input: CreateReferralInput,
  needs: readonly NeedToRefer[],
): Promise<Listed | null> {
  if (input.directoryService !== undefined) {
    const listed = await findListedServiceIn(tx, input.directoryService)
    return listed === null || (input.toAgency !== undefined && listed.agency !== input.toAgency) ? null : listed
  }
  const [first] = needs
  if (first === undefined || input.toAgency === undefined) return null
  const wanted = { category: first.category, ...(first.type === null ? {} : { type: first.type }) }
  // One of the category that does something else is still whom to ask: its receivers know who else is there.
  return (
    (await bestListedServiceIn(tx, input.toAgency, wanted)) ??
    (await bestListedServiceIn(tx, input.toAgency, { category: first.category }))
  )
}

/** What refuses a referral before anything is written: a need, or a field chosen by hand, that may not go. */
async function uncoveredOf(
  tx: ActorTx,
  on: CaseRef,
  service: Listed,
  needs: readonly NeedToRefer[],
  chosen: readonly FieldKey[] | undefined,
): Promise<Refused | null> {
  const categories = categoriesIn(needs)
  const bases = await basesFor(tx, on, service.agencyId, categories, wantedFields(categories, chosen))
  const why = whyNot(bases, categories)
  if (why !== null) return refuse('conflict', why)
  const stays = (chosen ?? []).filter((field) => bases.get(field)?.allowed === false)
  return stays.length === 0 ? null : refuse('conflict', 'no_basis', { fields: ['referrals.errors.uncovered'] })
}

async function draftIn(
  tx: ActorTx,
  on: CaseRef,
  service: Listed,
  needs: readonly NeedToRefer[],
  input: Pick<CreateReferralInput, 'urgency' | 'reason' | 'fields'>,
): Promise<string | Refused> {
  const code = newCode('REF')
  const preview = await makeKey(tx, 'preview')
  const rest = await makeKey(tx, 'package')
  const reasonId = newId()
  const answer = await insertDraft(tx, {
    id: newId(),
    code,
    caseId: on.id,
    serviceId: service.id,
    needs: needs.map(({ id }) => id),
    urgency: input.urgency ?? mostPressing(needs),
    fields: wantedFields(categoriesIn(needs), input.fields),
    previewKey: preview.wrapped,
    packageKey: rest.wrapped,
    reason:
      input.reason === undefined
        ? null
        : { id: reasonId, sealed: sealWords(preview.key, on.holderAgency, reasonId, input.reason) },
  })
  return answer === 'ok' ? code : refusalOf(answer)
}

/** Sends a draft with what was sealed for it. */
async function sendIn(tx: ActorTx, code: string, on: CaseRef, needs: readonly NeedToRefer[]): Promise<Refused | null> {
  const sealed = await sealIn(tx, code, on, needs)
  return 'ok' in sealed ? sealed : sendSealed(tx, code, sealed)
}

async function sendSealed(tx: ActorTx, code: string, sealed: Sealed): Promise<Refused | null> {
  const receiving = await findReceivingKey(tx, code)
  if (receiving === null) throw new Error('An agency that is referred to has its key')
  const receiverKey = wrapForOther(receiving, 'preview', sealed.previewKey)
  const answer = await markSent(tx, code, sealed.clock, sealed.fields, receiverKey)
  return answer === 'ok' ? null : refusalOf(answer)
}

/** Shares what was sealed with the agency that a coordinator asked. */
async function shareIn(tx: ActorTx, code: string, on: CaseRef, needs: readonly NeedToRefer[]): Promise<Refused | null> {
  const sealed = await sealIn(tx, code, on, needs)
  if ('ok' in sealed) return sealed
  const answer = await markShared(tx, code, sealed.clock, sealed.fields)
  return answer === 'ok' ? null : refusalOf(answer)
}

type Sealed = {
  readonly fields: readonly SealedField[]
  readonly clock: unknown
  readonly previewKey: SealingKey
}

/** Seals what something living covers of what a referral names, and starts its clock. */
async function sealIn(
  tx: ActorTx,
  code: string,
  on: CaseRef,
  needs: readonly NeedToRefer[],
): Promise<Sealed | Refused> {
  const row = await stillThere(tx, code)
  const categories = categoriesIn(needs)
  const chosen = FIELD_KEYS.filter((key) => row.fields.includes(key))
  const bases = await basesFor(tx, on, row.to_id, categories, chosen)
  const why = whyNot(bases, categories)
  if (why !== null) return refuse('conflict', why)
  const clock = startClock(await networkClockIn(tx), row.urgency, nowIn(tx))
  return { ...(await sealFields(tx, row, on, needs, leavingFields(chosen, allowedIn(bases)))), clock }
}

/** Seals facts of a case under the keys of its referral, each in the part that it belongs to. */
async function sealFields(
  tx: ActorTx,
  row: Pick<ReferralRow, 'id' | 'code'>,
  on: CaseRef,
  needs: readonly NeedToRefer[],
  leaving: readonly FieldKey[],
): Promise<Omit<Sealed, 'clock'>> {
  const facts = await factsIn(tx, subjectOf(on), needs, leaving, 'look')
  const keys = new Map((await findSenderKeys(tx, row.code)).map((stored) => [stored.part, stored]))
  const [previewKey, packageKey] = [keys.get('preview'), keys.get('package')]
  if (previewKey === undefined || packageKey === undefined) throw new Error('A referral of the team has its keys')
  const opened = {
    preview: await openOwnKey(tx, 'preview', previewKey),
    package: await openOwnKey(tx, 'package', packageKey),
  }
  const fields = leaving.map((field): SealedField => {
    const part = partOf(field)
    const place = `${row.id}:${field}:1`
    return { field, part, sealed: sealFact(opened[part], on.holderAgency, place, facts.get(field) ?? null) }
  })
  return { fields, previewKey: opened.preview }
}

/** What goes with a referral of another kind than for help, of which case, and the moments by which it is answered. */
export type Leaving = {
  readonly on: CaseRef
  /** What is told of the needs; of a question to the authority nothing is. */
  readonly needs?: readonly NeedToRefer[]
  readonly leaving: readonly FieldKey[]
  readonly clock: ClockMoments
}

/** Seals what leaves with a referral of another kind than for help, and sends it; null when it went. */
export async function sealAndSend(
  tx: ActorTx,
  row: Pick<ReferralRow, 'id' | 'code'>,
  { on, needs = [], leaving, clock }: Leaving,
): Promise<Refused | null> {
  return sendSealed(tx, row.code, { ...(await sealFields(tx, row, on, needs, leaving)), clock })
}

async function basesFor(
  tx: ActorTx,
  on: CaseRef,
  receiver: string,
  categories: readonly CategoryKey[],
  fields: readonly FieldKey[],
): Promise<ReadonlyMap<string, Basis>> {
  const rows = await findOffer(tx, { caseId: on.id, receiver, categories, fields })
  return new Map(rows.map((row) => [row.field, row]))
}

/** Why the needs themselves may not be told of; null when they may. */
function whyNot(
  bases: ReadonlyMap<string, Basis>,
  categories: readonly CategoryKey[],
): 'no_agreement' | 'no_basis' | null {
  const missing = categories.map((category) => bases.get(`need.${category}`)).filter((basis) => basis?.allowed !== true)
  if (missing.length === 0) return null
  return missing.some((basis) => basis?.reason === 'no_agreement') ? 'no_agreement' : 'no_basis'
}

function allowedIn(bases: ReadonlyMap<string, Basis>): ReadonlySet<string> {
  return new Set([...bases.values()].filter(({ allowed }) => allowed).map(({ field }) => field))
}

function categoriesIn(needs: readonly NeedToRefer[]): readonly CategoryKey[] {
  return [...new Set(needs.map(({ category }) => category))]
}

/** The urgency of the most pressing need: what is proposed. */
export function mostPressing(needs: readonly NeedToRefer[]): ReferralUrgency {
  return REFERRAL_URGENCIES.find((urgency) => needs.some((need) => need.urgency === urgency)) ?? 'routine'
}

/** Whose facts leave. */
export function subjectOf(on: CaseRef): Subject {
  return { caseCode: on.code, caseId: on.id, personCode: on.personCode }
}

function refusalOf(answer: Exclude<DraftAnswer | SendAnswer, 'ok'>): Refused {
  if (answer === 'not_found') return refuse('not_found')
  if (answer === 'needs') return refuse('invalid', 'needs', { needs: ['referrals.errors.needs'] })
  return refuse('conflict', answer)
}

/** A referral that this transaction wrote. */
export async function stillThere(tx: ActorTx, code: string) {
  const row = await findReferral(tx, code)
  if (row === null) throw new Error('A referral that was just written is out of sight')
  return row
}
