import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { findCaseForEntry, findCaseForRead, type CaseRef } from '@/lib/cases/reference-service'
import { makeTaskIn } from '@/lib/cases/tasks/service'
import { audienceIn } from '@/lib/cases/team-service'
import type { CaseAudience } from '@/lib/cases/team-schema'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { personKey, unsealUnder } from '@/lib/people/sealing'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'
import { dayIn, instantIn } from '@/lib/platform/zone'

import { closedCaseFault } from '../closed-case'
import { reasonOfEvent, sealTexts, withWhy } from '../seal-texts'
import { endFirstContacts } from '../first-contact-data'
import {
  contactPosition,
  findContact,
  insertContact,
  listContactRows,
  markContactVoided,
  newContactName,
  openText,
  type ContactRow,
} from './data'
import { mayLogContact, mayReadContacts } from './policy'
import { isOutcomeOf, usualOutcome, wasReached } from './rules'
import type { ContactPage, ContactView, ListContactsInput, LogContactEntry, VoidContactInput } from './schema'

/**
 * Logs a contact with a person: when, what kind, what it came to, and a sealed text. When the person was reached, the
 * first contacts that the case still waits for are done.
 *
 * Refuses with `not_found` when the actor may not know of the case, `forbidden` off its team, `conflict`
 * (`case_closed`) for what a closed case doesn't take before it is reopened, and `invalid` for a time that hasn't come,
 * an outcome that the kind can't have, or a text that seems to hold identity (`text_flagged`) while the sender hasn't
 * said why it stays; with `warn` the view tells of it.
 */
export async function logContact(
  actor: Actor,
  entry: LogContactEntry,
  check: TextCheck = 'ask',
): Promise<Result<ContactView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForEntry(tx, entry.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayLogContact(actor, on)) return refuse('forbidden')
    const occurredAt = occurredAtOf(tx, entry)
    const outcome = entry.outcome ?? usualOutcome(entry.kind)
    const wrong =
      entryFault(tx, entry, occurredAt, outcome) ??
      closedCaseFault(on, {
        days: { [momentField(entry)]: dayIn(actor.timeZone, occurredAt) },
        followUpOn: entry.followUpOn,
      })
    if (wrong !== null) return wrong
    const texts = { text: { text: entry.text, kept: entry.textKept } }
    const { fault, told } = await checkTexts(tx, on.person, texts, check)
    if (fault !== null) return fault

    const name = newContactName()
    const sealed = await sealedTexts(tx, on, name, entry)
    await insertContact(tx, on, { ...name, kind: entry.kind, outcome, occurredAt, sealed: sealed?.text ?? null })
    if (wasReached(outcome)) await endFirstContacts(tx, { case: on.id })
    const about = { personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
    if (entry.followUpOn !== undefined) {
      const dueAt = instantIn(actorOf(tx).timeZone, entry.followUpOn, '23:59')
      await makeTaskIn(tx, on, { kind: 'follow_up', dueAt })
    }
    await record(tx, {
      type: 'contact.logged',
      subject: name.code,
      ...about,
      ...(entry.textKept === undefined || sealed === null ? {} : { reason: sealed.why }),
    })
    return ok({ ...toView(actor, await stillThere(tx, name.code)), ...told })
  })
}

/**
 * The contact log of a case, the newest first. Writes one event.
 *
 * Refuses with `not_found` when the actor may not know of the case, and `forbidden` off its team.
 */
export async function listContacts(actor: Actor, input: ListContactsInput): Promise<Result<ContactPage>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForRead(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayReadContacts(actor, on)) return refuse('forbidden')
    const scope = `contacts:${on.code}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })

    const page = pageOf(
      scope,
      cursor,
      input.limit,
      await listContactRows(tx, on.id, input.limit, cursor),
      contactPosition,
    )
    await record(tx, {
      type: 'contact.listed',
      subject: on.code,
      personId: on.person,
      caseId: on.id,
      holderAgencyId: on.holderAgency,
    })
    return ok({
      items: page.rows.map((row) => toView(actor, row)),
      nextCursor: page.later,
      previousCursor: page.earlier,
    })
  })
}

/** Opens a contact; its text stays shut. Refuses with `not_found` for everyone off the team. */
export async function viewContact(actor: Actor, input: { readonly contact: string }): Promise<Result<ContactView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'contact:read')) return refuse('not_found')
    const contact = await findContact(tx, input.contact)
    if (contact === null) return refuse('not_found')
    await record(tx, { type: 'contact.viewed', ...aboutContact(contact) })
    return ok(toView(actor, contact))
  })
}

/** What the form that voids a contact starts from: the contact, and who reads the reason. One event, as opening it. */
export async function prepareContactVoid(
  actor: Actor,
  input: { readonly contact: string },
): Promise<Result<{ readonly contact: ContactView; readonly audience: CaseAudience }>> {
  return withActor(actor, async (tx) => {
    const found = await viewContact(actor, input)
    if (!found.ok) return found
    const on = await findCaseForRead(tx, found.value.case)
    if (!on.ok) return on
    return ok({ contact: found.value, audience: await audienceIn(tx, on.value) })
  })
}

/**
 * Opens the text of a contact, on an explicit press; the database writes the look in the same transaction.
 *
 * Refuses with `not_found` for everyone off the team, and for a contact without a text.
 */
export async function readContactText(
  actor: Actor,
  input: { readonly contact: string },
): Promise<Result<{ readonly text: string }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'contact:read')) return refuse('not_found')
    const contact = await findContact(tx, input.contact)
    if (contact === null) return refuse('not_found')
    const sealed = await openText(tx, contact.id)
    if (sealed === null) return refuse('not_found')
    const key = await personKey(tx, contact.person)
    return ok({ text: unsealUnder(key, actor.agency, textPlace(contact.id), sealed) })
  })
}

/**
 * Voids a contact that was entered by mistake; it stays readable as voided, and the reason stands in the log.
 *
 * Refuses with `not_found` for everyone off the team, `conflict` (`wrong_state`) when it is voided already, and `stale`
 * when it changed since the version that the actor named.
 */
export async function voidContact(
  actor: Actor,
  input: VoidContactInput,
  check: TextCheck = 'ask',
): Promise<Result<ContactView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'contact:read')) return refuse('not_found')
    const contact = await findContact(tx, input.contact)
    if (contact === null) return refuse('not_found')
    if (!mayVoid(actor, contact))
      return refuse(
        contact.voidedAt === null ? 'forbidden' : 'conflict',
        contact.voidedAt === null ? undefined : 'wrong_state',
      )
    if (input.version !== undefined && input.version !== contact.version) return refuse('stale')
    const texts = { reason: { text: input.reason, kept: input.reasonKept } }
    const { fault, told } = await checkTexts(tx, contact.person, texts, check)
    if (fault !== null) return fault

    if (!(await markContactVoided(tx, contact.id, contact.version))) return refuse('stale')
    const sealed = sealTexts(tx, await personKey(tx, contact.person), {
      reason: { place: reasonOfEvent(contact.code), text: withWhy(input.reason, input.reasonKept) },
    })
    await record(tx, { type: 'contact.voided', ...aboutContact(contact), fields: ['voidedAt'], reason: sealed.reason })
    return ok({ ...toView(actor, await stillThere(tx, contact.code)), ...told })
  })
}

/** When it happened: the instant that was given, else the day and the clock in the agency's zone, else now. */
function occurredAtOf(tx: ActorTx, entry: LogContactEntry): Date {
  const zone = actorOf(tx).timeZone
  if (entry.occurredAt !== undefined) return new Date(entry.occurredAt)
  const today = todayIn(tx)
  const day = entry.occurredOn ?? today
  if (entry.occurredTime !== undefined) return instantIn(zone, day, entry.occurredTime)
  return day === today ? nowIn(tx) : instantIn(zone, day, '12:00')
}

/** The field that says on which day it happened. */
function momentField(entry: LogContactEntry): 'occurredAt' | 'occurredOn' {
  return entry.occurredAt === undefined ? 'occurredOn' : 'occurredAt'
}

function entryFault(
  tx: ActorTx,
  entry: LogContactEntry,
  occurredAt: Date,
  outcome: ContactView['outcome'],
): Refused | null {
  if (occurredAt > nowIn(tx)) {
    const field = entry.occurredTime === undefined ? momentField(entry) : 'occurredTime'
    return refuse('invalid', 'date', { [field]: ['assistance.contact.time.future'] })
  }
  if (!isOutcomeOf(entry.kind, outcome))
    return refuse('invalid', 'outcome', { outcome: ['assistance.contact.outcome.not_of_kind'] })
  if (entry.followUpOn !== undefined && entry.followUpOn < todayIn(tx))
    return refuse('invalid', 'date', { followUpOn: ['assistance.date.past'] })
  return null
}

async function sealedTexts(
  tx: ActorTx,
  on: CaseRef,
  name: { readonly id: string; readonly code: string },
  entry: LogContactEntry,
) {
  if (entry.text === undefined || entry.text === '') return null
  return sealTexts(tx, await personKey(tx, on.person), {
    text: { place: textPlace(name.id), text: entry.text },
    why: { place: reasonOfEvent(name.code), text: entry.textKept ?? '' },
  })
}

function textPlace(contact: string) {
  return { table: 'contact_text', column: 'sealed', row: contact } as const
}

function aboutContact(contact: ContactRow) {
  return { subject: contact.code, personId: contact.person, caseId: contact.caseId, holderAgencyId: contact.holder }
}

function mayVoid(actor: Actor, contact: ContactRow): boolean {
  // Whoever sees a contact at all is on the team of its case: the database shows it to nobody else.
  return contact.voidedAt === null && mayLogContact(actor, { agency: contact.agency, onTeam: true })
}

function toView(actor: Actor, contact: ContactRow): ContactView {
  return {
    code: contact.code,
    case: contact.caseCode,
    person: contact.personCode,
    agency: contact.agencyKey,
    agencyName: contact.agencyName,
    kind: contact.kind,
    outcome: contact.outcome,
    occurredAt: contact.occurredAt.toISOString(),
    worker: contact.worker,
    hasText: contact.hasText,
    isVoided: contact.voidedAt !== null,
    enteredAt: contact.enteredAt.toISOString(),
    version: contact.version,
    mayVoid: mayVoid(actor, contact),
  }
}

async function stillThere(tx: ActorTx, code: string): Promise<ContactRow> {
  const contact = await findContact(tx, code)
  if (contact === null) throw new Error('A contact that was just written is out of sight')
  return contact
}
