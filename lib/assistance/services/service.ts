import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { actorOf, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findCaseForEntry, findCaseForRead, type CaseRef } from '@/lib/cases/reference-service'
import { makeTaskIn } from '@/lib/cases/tasks/service'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { instantIn } from '@/lib/platform/zone'

import { closedCaseFault } from '../closed-case'
import { findNeed, type NeedRow } from '../needs/data'
import { moveNeedForServiceIn } from '../needs/service'
import {
  findAgencyId,
  findDetail,
  findService,
  insertServices,
  listGroup,
  listVersions,
  type OpenedService,
} from './data'
import { entryFault } from './entry-fault'
import { grantedForReadIn, logOnGrantedIn } from './granted-service'
import { listServiceRows, servicePosition, type ServiceFilter } from './list-data'
import { writeNoteIn } from './note-service'
import { mayAmend, mayLog, mayLogServices, mayReadDetail, mayReadServices, mayVoid } from './policy'
import { prepareService, type NewService, type ServiceOn } from './prepare-service'
import { hasBegun, lateParts } from './rules'
import type {
  ListServicesInput,
  LogServiceEntry,
  ServiceChangeView,
  ServicePage,
  ServiceRecordView,
  ServiceView,
} from './schema'
import { toServiceView } from './view'
import { readReasons } from './versions'

/**
 * Logs a service on a case: the coded line, the paragraphs it stands under, how it was given, a sealed note, a task for
 * the follow-up, and the move of the need it serves, in one transaction.
 *
 * Refuses with `not_found` when the actor may not know of the case, `forbidden` off the team, `conflict`
 * (`case_closed`) for what a closed case doesn't take before it is reopened, and `invalid` for a need of another case,
 * a day that hasn't come, a language that is none, or a note that seems to hold identity (`text_flagged`) while the
 * sender hasn't said why it stays; with `warn` the view tells.
 */
export async function logService(
  actor: Actor,
  entry: LogServiceEntry,
  check: TextCheck = 'ask',
): Promise<Result<ServiceView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForEntry(tx, entry.case)
    if (!found.ok)
      return found.refusal === 'not_found' && mayLogServices(actor) ? logElsewhere(tx, entry, check) : found
    const on = found.value
    if (!mayLog(actor, on)) return refuse('forbidden')
    const need = entry.need === undefined ? null : await findNeed(tx, entry.need, true)
    if (entry.need !== undefined && need?.caseId !== on.id)
      return refuse('invalid', 'other_case', { need: ['assistance.service.need.other_case'] })
    const prepared = prepareService(entry, onCase(on), todayIn(tx), { need: need?.id ?? null })
    const wrong =
      entryFault(tx, prepared, entry.followUpOn) ??
      closedCaseFault(on, { ...lateParts(prepared.line), followUpOn: entry.followUpOn })
    if (wrong !== null) return wrong
    const texts = { note: { text: entry.note, kept: entry.noteKept } }
    const { fault, told } = await checkTexts(tx, on.person, texts, check)
    if (fault !== null) return fault

    await insertServices(tx, [prepared])
    await writeBeside(tx, on, prepared, need, entry)
    return ok({ ...toServiceView(await stillThere(tx, prepared.code)), ...told })
  })
}

/** On another agency's case, after a referral that the actor's agency accepted. */
async function logElsewhere(tx: ActorTx, entry: LogServiceEntry, check: TextCheck): Promise<Result<ServiceView>> {
  const made = await logOnGrantedIn(tx, entry, check)
  if (!made.ok) return made
  const { code, ...told } = made.value
  return ok({ ...toServiceView(await stillThere(tx, code)), ...told })
}

/**
 * Writes services that were prepared elsewhere, an import or an entry for several people, in an open transaction.
 * Whoever calls it decided that the actor may, and writes the events. The database checks team and mandate again.
 */
export async function logPrepared(tx: ActorTx, services: readonly NewService[]): Promise<void> {
  if (services.length > 0) await insertServices(tx, services)
}

/** A case as the rows of its services carry it. */
export function onCase(on: CaseRef): ServiceOn {
  return { id: on.id, person: on.person, holder: on.holderAgency }
}

/** What comes with the rows of a service: the sealed note, the follow-up, the need's move, the events. */
async function writeBeside(
  tx: ActorTx,
  on: CaseRef,
  service: NewService,
  need: NeedRow | null,
  entry: LogServiceEntry,
): Promise<void> {
  const about = { personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
  let why: Uint8Array | undefined
  if (entry.note !== undefined && entry.note !== '')
    why = await writeNoteIn(
      tx,
      { id: service.id, code: service.code, caseId: on.id, person: on.person, holder: on.holderAgency },
      entry.note,
      entry.noteKept,
    )
  if (entry.followUpOn !== undefined) {
    const dueAt = instantIn(actorOf(tx).timeZone, entry.followUpOn, '23:59')
    await makeTaskIn(tx, on, { kind: 'follow_up', dueAt, ...(need === null ? {} : { need: need.id }) })
  }
  if (need !== null) {
    const { status, deliveredOn } = service.line
    await moveNeedForServiceIn(tx, need, {
      hasBegun: hasBegun(status),
      isPlanned: status === 'planned',
      said: entry.needState,
      on: deliveredOn,
    })
  }
  await record(tx, {
    type: 'service.logged',
    subject: service.code,
    ...about,
    ...(why === undefined ? {} : { reason: why }),
  })
}

/**
 * Services of the agency, or of one case with those of other agencies, the newest day first. One query and one event.
 *
 * Refuses with `not_found` for a case that the actor may not know of, and `invalid` for a cursor that isn't ours.
 */
export async function listServices(actor: Actor, input: ListServicesInput): Promise<Result<ServicePage>> {
  return withActor(actor, async (tx) => {
    if (!mayReadServices(actor)) return refuse('forbidden')
    const found = input.case === undefined ? null : await findCaseForRead(tx, input.case)
    const granted = found?.ok === false && input.case !== undefined ? await grantedForReadIn(tx, input.case) : null
    if (found?.ok === false && granted === null) return found
    const on = found?.ok === true ? found.value : null
    const filter =
      granted === null
        ? await filterOf(tx, input, on)
        : await filterOf(tx, { ...input, agency: actor.agencyKey }, { id: granted.caseId })

    const scope = `services:${JSON.stringify(filter)}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const rows = filter === null ? [] : await listServiceRows(tx, filter, input.limit, cursor)
    const page = pageOf(scope, cursor, input.limit, rows, servicePosition)
    await record(tx, {
      type: 'service.listed',
      ...(on === null ? {} : { subject: on.code, caseId: on.id, personId: on.person, holderAgencyId: on.holderAgency }),
    })
    return ok({ items: page.rows.map(toServiceView), nextCursor: page.later, previousCursor: page.earlier })
  })
}

/** The filter by ids, or null when it names an agency that there isn't: then nothing fits. */
async function filterOf(
  tx: ActorTx,
  input: ListServicesInput,
  on: Pick<CaseRef, 'id'> | null,
): Promise<ServiceFilter | null> {
  const { case: _case, agency, limit: _limit, cursor: _cursor, ...rest } = input
  if (agency === undefined) return { ...rest, caseId: on?.id }
  const agencyId = agency === actorOf(tx).agencyKey ? actorOf(tx).agency : await findAgencyId(tx, agency)
  return agencyId === null ? null : { ...rest, caseId: on?.id, agencyId }
}

/**
 * Opens a service: its coded line for the agency, how it was given and what it said before for the team that gave it.
 * The note stays shut; `readServiceNotes` opens it.
 *
 * Refuses with `not_found` when the actor may not know of it.
 */
export async function viewService(
  actor: Actor,
  input: { readonly service: string },
): Promise<Result<ServiceRecordView>> {
  return withActor(actor, async (tx) => {
    if (!mayReadServices(actor)) return refuse('not_found')
    const service = await findService(tx, input.service)
    if (service === null) return refuse('not_found')
    await record(tx, {
      type: 'service.viewed',
      subject: service.code,
      personId: service.person,
      caseId: service.caseId,
      holderAgencyId: service.holder,
    })
    return ok(await recordViewIn(tx, service))
  })
}

/** A service as its record page shows it. Writes no event: whoever calls it did. */
export async function recordViewIn(tx: ActorTx, service: OpenedService): Promise<ServiceRecordView> {
  const actor = actorOf(tx)
  const readsDetail = mayReadDetail(actor, service)
  const changes: readonly ServiceChangeView[] =
    readsDetail && service.version > 1
      ? await readReasons(tx, service, service.id, await listVersions(tx, service.id))
      : []
  const isVoided = service.status === 'voided'
  return {
    ...toServiceView(service),
    detail: readsDetail ? await findDetail(tx, service.id) : null,
    hasNote: readsDetail && service.hasNote,
    groupSize: !readsDetail || service.groupId === null ? null : (await listGroup(tx, service.groupId)).length,
    elsewhere: service.served,
    mayAmend: !isVoided && mayAmend(actor, service),
    mayVoid: !isVoided && mayVoid(actor, service),
    mayReadNote: readsDetail && service.hasNote,
    changes,
  }
}

async function stillThere(tx: ActorTx, code: string): Promise<OpenedService> {
  const service = await findService(tx, code)
  if (service === null) throw new Error('A service that was just written is out of sight')
  return service
}

/** The coded lines of the latest services of a category on a case, for other parts, inside a transaction. Writes no event. */
export async function servicesOfCaseIn(
  tx: ActorTx,
  caseId: string,
  category: string,
): Promise<readonly Pick<ServiceView, 'category' | 'type' | 'deliveredOn' | 'status'>[]> {
  const rows = await listServiceRows(tx, { caseId }, 200, null)
  return rows.filter((row) => row.category === category).map(toServiceView)
}
