import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findGrantedCase, findGrantedNeed } from '@/lib/cases/grant-service'
import { findCaseForRead } from '@/lib/cases/reference-service'
import { isServiceTypeOf } from '@/lib/mandate/categories'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { isLanguage } from '@/lib/people/languages'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { closedCaseFault } from '../closed-case'
import { findNeed } from '../needs/data'
import { reasonOfEvent, sealTexts, withWhy } from '../seal-texts'
import {
  findDetail,
  findService,
  insertVersion,
  markAmended,
  markVoided,
  replaceMandate,
  updateDetail,
  type OpenedService,
} from './data'
import { mayAmend, mayReadServices, mayVoid } from './policy'
import { canMove, changedFields, dateFault, lateParts, mandateOf, NO_DETAIL, settled } from './rules'
import type { Amendment, ServiceDetailView, ServiceLine, ServiceRecordView, VoidServiceInput } from './schema'
import { writeNoteIn } from './note-service'
import { keyToWrite } from './record-key'
import { recordViewIn } from './service'
import { reasonPlace } from './versions'
import { lineOf } from './view'

/**
 * Corrects a service: what it said before stays with the reason, and the paragraphs follow category, type and facts.
 *
 * Refuses with `not_found` when the actor may not know of it, `forbidden` when it is another agency's or another
 * team's, `conflict` (`wrong_state`) when it is voided, `stale` when it changed since the version that the actor saw,
 * `conflict` (`nothing_changed`) when it says that already, (`case_closed`) past the closing of its case or (`no_basis`) as
 * a kind of help that no grant on another agency's case is for, and `invalid` for what doesn't fit together or a reason
 * that seems to hold identity (`text_flagged`); with `warn` the view tells of it.
 */
export async function amendService(
  actor: Actor,
  input: Amendment,
  check: TextCheck = 'ask',
): Promise<Result<ServiceRecordView>> {
  return withActor(actor, async (tx) => {
    const service = mayReadServices(actor) ? await findService(tx, input.service) : null
    if (service === null) return refuse('not_found')
    if (!mayAmend(actor, service)) return refuse('forbidden')
    if (service.status === 'voided') return refuse('conflict', 'wrong_state')
    if (service.version !== input.version) return refuse('stale')

    const before = lineOf(service, (await findDetail(tx, service.id)) ?? NO_DETAIL)
    const need = await needOf(tx, service, input)
    if (need !== null && 'ok' in need) return need
    const after = amended(before, input, need?.code ?? null)
    const wrong = amendmentFault(after, todayIn(tx)) ?? (await lateFault(tx, service, before, after))
    if (wrong !== null) return wrong
    const texts = {
      reason: { text: input.reason, kept: input.reasonKept },
      note: { text: input.note, kept: input.noteKept },
    }
    const { fault, told } = await checkTexts(tx, service.person, texts, check)
    if (fault !== null) return fault
    const fields = changedFields(before, after)
    const hasNewNote = input.note !== undefined && input.note !== ''
    if (fields.length === 0 && !hasNewNote) return refuse('conflict', 'nothing_changed')

    if (!(await markAmended(tx, service, after, need?.id ?? null, service.hasNote || hasNewNote)))
      return refuse('stale')
    await keepBefore(tx, service, before, input, hasNewNote ? [...fields, 'note'] : fields, 'service.amended')
    await updateDetail(tx, service.id, after.detail)
    await replaceMandate(tx, service, mandateOf({ ...after, ...after.detail }))
    if (input.note !== undefined && hasNewNote) await writeNoteIn(tx, service, input.note, input.noteKept)
    return ok({ ...(await recordViewIn(tx, await stillThere(tx, service.code))), ...told })
  })
}

/**
 * Voids a service that was entered by mistake; it stays readable as voided, with the reason.
 *
 * Refuses with `not_found` when the actor may not know of it, `forbidden` when it is another agency's or another
 * team's, `conflict` (`wrong_state`) when it is voided already, and `stale` when it changed since the version that the
 * actor named, and `invalid` as `amendService` does.
 */
export async function voidService(
  actor: Actor,
  input: VoidServiceInput,
  check: TextCheck = 'ask',
): Promise<Result<ServiceRecordView>> {
  return withActor(actor, async (tx) => {
    const service = mayReadServices(actor) ? await findService(tx, input.service) : null
    if (service === null) return refuse('not_found')
    if (!mayVoid(actor, service)) return refuse('forbidden')
    if (!canMove(service.status, 'voided')) return refuse('conflict', 'wrong_state')
    if (input.version !== undefined && input.version !== service.version) return refuse('stale')
    const texts = { reason: { text: input.reason, kept: input.reasonKept } }
    const { fault, told } = await checkTexts(tx, service.person, texts, check)
    if (fault !== null) return fault

    const before = lineOf(service, (await findDetail(tx, service.id)) ?? NO_DETAIL)
    if (!(await markVoided(tx, service.id, service.version))) return refuse('stale')
    await keepBefore(tx, service, before, input, ['status'], 'service.voided')
    return ok({ ...(await recordViewIn(tx, await stillThere(tx, service.code))), ...told })
  })
}

/** Keeps the old line with the sealed reason, and writes the event. */
async function keepBefore(
  tx: ActorTx,
  service: OpenedService,
  before: ServiceLine,
  input: { readonly reason: string; readonly reasonKept?: string | undefined; readonly noteKept?: string | undefined },
  fields: readonly string[],
  type: 'service.amended' | 'service.voided',
): Promise<void> {
  const sealed = sealTexts(tx, await keyToWrite(tx, service), {
    version: { place: reasonPlace(service.id, service.version), text: input.reason },
    event: { place: reasonOfEvent(service.code), text: withWhy(input.reason, input.reasonKept, input.noteKept) },
  })
  await insertVersion(tx, service, before, sealed.version)
  await record(tx, {
    type,
    subject: service.code,
    personId: service.person,
    caseId: service.caseId,
    holderAgencyId: service.holder,
    fields,
    reason: sealed.event,
  })
}

type NamedNeed = { readonly id: string; readonly code: string }

/** The need that the service serves after the amendment; null for none. */
async function needOf(tx: ActorTx, service: OpenedService, input: Amendment): Promise<NamedNeed | Refused | null> {
  if (input.need === null) return null
  if (input.need === undefined) {
    return service.needId === null || service.needCode === null ? null : { id: service.needId, code: service.needCode }
  }
  if (service.serves) return (await findGrantedNeed(tx, service.caseId, input.need)) ?? NO_SUCH_NEED
  const need = await findNeed(tx, input.need)
  if (need?.caseId !== service.caseId) return NO_SUCH_NEED
  return need
}

const NO_SUCH_NEED = refuse('invalid', 'other_case', { need: ['assistance.service.need.other_case'] })

/** The line as it should have been: what the amendment names, over what stands. */
function amended(before: ServiceLine, input: Amendment, need: string | null): ServiceLine {
  const over = <Key extends keyof ServiceDetailView>(key: Key, said: ServiceDetailView[Key] | undefined) =>
    said === undefined ? before.detail[key] : said
  const detail = settled({
    mode: over('mode', input.mode),
    placeKind: over('placeKind', input.placeKind),
    minutes: over('minutes', input.minutes),
    interpreterUsed: over('interpreterUsed', input.interpreterUsed),
    interpreterLanguage: over('interpreterLanguage', input.interpreterLanguage),
    amount: over(
      'amount',
      input.amount === undefined || input.amount === null ? input.amount : Number(input.amount).toFixed(2),
    ),
    currency: over('currency', input.currency),
    adaptations: over('adaptations', input.adaptations),
    origin: over('origin', input.origin),
    outcome: over('outcome', input.outcome),
    proceedings: over('proceedings', input.proceedings),
  })
  const line = {
    category: input.category ?? before.category,
    type: input.type ?? before.type,
    deliveredOn: input.deliveredOn ?? before.deliveredOn,
    endedOn: input.endedOn === undefined ? before.endedOn : input.endedOn,
    // A correction may go to any status: what was entered was wrong, not what happened since.
    status: input.status ?? before.status,
  }
  return { ...line, need, mandate: mandateOf({ ...line, ...detail }).map(({ paragraph }) => paragraph), detail }
}

/** What the amendment moves past the closing of the case, or out of what a grant is for; what stood there may stay. */
async function lateFault(
  tx: ActorTx,
  service: OpenedService,
  before: ServiceLine,
  after: ServiceLine,
): Promise<Refused | null> {
  if (service.serves) return grantFault(tx, service, after)
  const on = await findCaseForRead(tx, service.caseCode)
  if (!on.ok) return on
  const { days, goesOn } = lateParts(after)
  return closedCaseFault(on.value, {
    days: {
      deliveredOn: days.deliveredOn === before.deliveredOn ? null : days.deliveredOn,
      endedOn: days.endedOn === before.endedOn ? null : days.endedOn,
    },
    goesOn: goesOn && after.status !== before.status,
  })
}

/** What an amendment would make of a service on another agency's case that no grant is for. */
async function grantFault(tx: ActorTx, service: OpenedService, after: ServiceLine): Promise<Refused | null> {
  const found = await findGrantedCase(tx, service.caseCode)
  if (!found.ok) return found
  return found.value.categories.includes(after.category) ? null : refuse('conflict', 'no_basis')
}

function amendmentFault(after: ServiceLine, today: string): Refused | null {
  const errors: Record<string, readonly string[]> = {}
  if (!isServiceTypeOf(after.category, after.type)) errors['type'] = ['mandate.errors.type']
  const wrongDay = dateFault(after, today)
  if (wrongDay !== null) errors[wrongDay.field] = [wrongDay.key]
  if (after.detail.amount !== null && after.detail.currency === null)
    errors['currency'] = ['assistance.service.currency.required']
  const language = after.detail.interpreterLanguage
  if (language !== null && !isLanguage(language))
    errors['interpreterLanguage'] = ['assistance.service.language.not_valid']
  return Object.keys(errors).length === 0 ? null : refuse('invalid', 'does_not_fit', errors)
}

async function stillThere(tx: ActorTx, code: string): Promise<OpenedService> {
  const service = await findService(tx, code)
  if (service === null) throw new Error('A service that was just amended is out of sight')
  return service
}
