import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { aboutSubject, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { addNeed, livingNeedsIn, needsOfCaseIn } from '@/lib/assistance/needs/service'
import { record } from '@/lib/audit/record'
import { findCaseForRead, findCaseForWrite, type CaseRef } from '@/lib/cases/reference-service'
import { openCaseIn } from '@/lib/cases/service'
import { FIELD_KEYS } from '@/lib/consent/fields'
import { registerPersonInput } from '@/lib/people/schema'
import { registerPersonIn } from '@/lib/people/service'
import { newCode, newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { factsIn } from '../compose-service'
import { findBases } from '../data'
import { maySendReferrals } from '../policy'
import { leavingFields, offeredField, possibleFields, wantedFields } from '../rules'
import { subjectOf } from '../send-service'
import {
  hasPrinted,
  insertPaper,
  insertTakenIn,
  listPaperAgencies,
  listPaperRows,
  listPaperSteps,
  markPrinted,
  markStepped,
  type FoundPaperAgency,
  type PaperRow,
} from './data'
import { isPrintable, nextSteps } from './rules'
import type {
  OfferPaperInput,
  PaperAgency,
  PaperInput,
  PaperLine,
  PaperOffer,
  PaperView,
  PreparePaperInput,
  PrintedPaper,
  StepPaperInput,
  TakeInPaperInput,
} from './schema'

/** Whether the actor refers at all; for pages that lead to forms. */
export function sendsReferrals(actor: Actor): boolean {
  return maySendReferrals(actor)
}

/** The agencies without Amparo of the actor's network. Refuses with `forbidden` roles that refer nobody. */
export async function paperAgencies(actor: Actor): Promise<Result<readonly PaperAgency[]>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => ok((await listPaperAgencies(tx)).map(shownAgency)))
}

/**
 * Shows the team what could stand on a form for an agency without Amparo: what is allowed, what stays and why. Identity
 * stays shut. Refuses with `not_found`, and `forbidden` off the team.
 */
export async function offerPaper(actor: Actor, input: OfferPaperInput): Promise<Result<PaperOffer>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    aboutSubject(tx, on.code)
    const needs = await livingNeedsIn(tx, on.id)
    const chosen = needs.filter(({ code }) => input.needs.includes(code))
    const agencies = await listPaperAgencies(tx)
    const agency = agencies.find(({ key }) => key === input.agency) ?? null
    const categories = [...new Set(chosen.map(({ category }) => category))]
    const isAsked = agency !== null && chosen.length > 0
    const possible = isAsked ? possibleFields(categories, FIELD_KEYS) : []
    const bases = isAsked ? await basesFor(tx, on, agency, possible) : new Map<string, never>()
    const leaving = new Set(leavingFields(wantedFields(categories, undefined), allowedIn(bases)))
    const facts = await factsIn(tx, subjectOf(on), chosen, possible, 'keep_shut')
    await record(tx, { type: 'referral.offered', ...about(on), ...(agency === null ? {} : { basis: agency.key }) })
    return ok({
      case: on.code,
      person: on.personCode,
      needs,
      chosen: chosen.map(({ code }) => code),
      agencies: agencies.map(shownAgency),
      agency: agency === null ? null : shownAgency(agency),
      fields: possible.map((field) => ({
        ...offeredField(field, bases.get(field), { wanted: leaving.has(field), value: facts.get(field) }),
        part: field.startsWith('need.') ? 'preview' : 'package',
      })),
      ready: categories.every((category) => bases.get(`need.${category}`)?.allowed === true),
    })
  })
}

/**
 * Prepares a form for an agency without Amparo. Nothing leaves until it is printed.
 *
 * Refuses with `not_found`, `forbidden` off the team, `invalid` (needs of another case), and `conflict`: `case_closed`,
 * `no_agency`, and `no_basis` where something that would stand on it is not allowed.
 */
export async function preparePaper(actor: Actor, input: PreparePaperInput): Promise<Result<PaperView>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    const needs = await needsOfCaseIn(tx, on.id, input.needs)
    if (needs === null) return refuse('invalid', 'needs', { needs: ['referrals.errors.needs'] })
    const agency = (await listPaperAgencies(tx)).find(({ key }) => key === input.agency)
    if (agency === undefined) return refuse('conflict', 'no_agency', { agency: ['referrals.paper.errors.agency'] })
    const wanted = wantedFields([...new Set(needs.map(({ category }) => category))], input.fields)
    const allowed = allowedIn(await basesFor(tx, on, agency, wanted))
    if (wanted.some((field) => !allowed.has(field)))
      return refuse('conflict', 'no_basis', { fields: ['referrals.errors.uncovered'] })
    const code = newCode('PRF')
    const { case: _case, agency: _agency, ...rest } = input
    const answer = await insertPaper(tx, {
      ...rest,
      ...{ id: newId(), code, caseId: on.id, receiver: agency.id, fields: wanted },
    })
    if (answer === 'not_found') return refuse(answer)
    if (answer === 'needs') return refuse('invalid', 'needs', { needs: ['referrals.errors.needs'] })
    if (answer !== 'ok') return refuse('conflict', answer)
    return ok(await stillThere(tx, code))
  })
}

/** A form with its steps, for the team of its case. Refuses with `not_found`. */
export async function viewPaper(actor: Actor, input: PaperInput): Promise<Result<PaperView>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const [row] = await listPaperRows(tx, { code: input.paper })
    if (row === undefined) return refuse('not_found')
    const on = await findCaseForRead(tx, row.case_code)
    if (!on.ok) return on
    await record(tx, { type: 'paper-referral.viewed', ...about(on.value), subject: row.code })
    return ok(await viewIn(tx, row))
  })
}

/** The forms of a case, the latest first, for its team; empty off it. Refuses with `not_found`. */
export async function listPapersOfCase(
  actor: Actor,
  input: { readonly case: string },
): Promise<Result<readonly PaperLine[]>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const on = await findCaseForRead(tx, input.case)
    if (!on.ok) return on
    const rows = await listPaperRows(tx, { caseId: on.value.id })
    await record(tx, { type: 'paper-referral.viewed', ...about(on.value) })
    return ok(rows.map(lineOf))
  })
}

/**
 * Prints a form: the ledger gets its line, by which the same member sees it for a quarter of an hour. Refuses with
 * `not_found`, and `conflict` (`no_basis`) when it is answered or what allowed it has ended.
 */
export async function printPaper(
  actor: Actor,
  input: PaperInput,
): Promise<Result<{ readonly code: string; readonly line: string; readonly case: string }>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const [row] = await listPaperRows(tx, { code: input.paper })
    if (row === undefined) return refuse('not_found')
    const line = await markPrinted(tx, row.code)
    return line === null ? refuse('conflict', 'no_basis') : ok({ code: row.code, line, case: row.case_code })
  })
}

/**
 * What stands on a form that was just printed, with who the person is where it says so; the look is written as every
 * other. Refuses with `not_found`, and `conflict` (`not_printed`) where this member has not just printed it.
 */
export async function readPrintedPaper(
  actor: Actor,
  input: PaperInput & { readonly line: string },
): Promise<Result<PrintedPaper>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    const [row] = await listPaperRows(tx, { code: input.paper })
    if (row === undefined) return refuse('not_found')
    const line = parseCode(input.line, 'DIS')
    if (line === null || !(await hasPrinted(tx, row.code, line))) return refuse('conflict', 'not_printed')
    const on = await findCaseForWrite(tx, row.case_code)
    if (!on.ok) return on
    const fields = FIELD_KEYS.filter((key) => row.fields.includes(key))
    const needs = (await needsOfCaseIn(tx, row.case_id, [...row.needs])) ?? []
    const facts = await factsIn(tx, subjectOf(on.value), needs, fields, 'look')
    return ok({
      ...(await viewIn(tx, row)),
      fromAgency: actor.agencyName,
      on: todayIn(tx),
      facts: fields.map((field) => ({ field, value: facts.get(field) ?? null })),
    })
  })
}

/**
 * Types in a form that came on paper: on a case that is there, or with a new person and a new case, and a need for each
 * kind of help that it asks for, all or nothing.
 *
 * Refuses with `not_found`, `forbidden` off the team, `conflict` (`case_closed`), and `invalid`: a day that hasn't come.
 */
export async function takeInPaper(actor: Actor, input: TakeInPaperInput): Promise<Result<PaperView>> {
  if (!maySendReferrals(actor)) return refuse('forbidden')
  return withActor(actor, async (tx) => {
    if (input.receivedOn > todayIn(tx))
      return refuse('invalid', 'future', { receivedOn: ['referrals.paper.errors.future'] })
    const caseCode = input.case === undefined ? await newCase(tx, input) : ok(input.case)
    if (!caseCode.ok) return caseCode
    const found = await findCaseForWrite(tx, caseCode.value)
    if (!found.ok) return found
    const needs: string[] = []
    for (const category of input.categories) {
      const need = await addNeed(actor, {
        case: found.value.code,
        category,
        urgency: input.urgency,
        foundOn: input.receivedOn,
      })
      if (!need.ok) return need
      needs.push(need.value.code)
    }
    const sender = (await listPaperAgencies(tx)).find(({ key }) => key === input.agency)
    if (input.agency !== undefined && input.agency !== '' && sender === undefined)
      return refuse('invalid', 'agency', { agency: ['referrals.paper.errors.agency'] })
    const code = newCode('PRF')
    const { receivedOn, urgency, categories, consentSays } = input
    const answer = await insertTakenIn(tx, {
      ...{ receivedOn, urgency, categories, consentSays, id: newId(), code, needs, caseId: found.value.id },
      sender: sender?.id ?? null,
      senderName: sender === undefined ? (input.agencyName ?? null) : null,
    })
    return answer === 'ok' ? ok(await stillThere(tx, code)) : refuse(answer)
  })
}

/**
 * Writes down what happened to a form, with the day on which it did.
 *
 * Refuses with `not_found`, `stale`, `invalid` (a day that hasn't come, or before the step that stands), and `conflict`:
 * `wrong_state`, `not_printed` (nothing was printed that could be handed over), `no_basis`.
 */
export async function stepPaper(actor: Actor, input: StepPaperInput): Promise<Result<PaperView>> {
  if (!maySendReferrals(actor)) return refuse('not_found')
  return withActor(actor, async (tx) => {
    if (input.happenedOn > todayIn(tx))
      return refuse('invalid', 'future', { happenedOn: ['referrals.paper.errors.future'] })
    const [row] = await listPaperRows(tx, { code: input.paper })
    if (row === undefined) return refuse('not_found')
    const answer = await markStepped(tx, row.code, input)
    if (answer === 'not_found' || answer === 'stale') return refuse(answer)
    if (answer === 'order') return refuse('invalid', 'order', { happenedOn: ['referrals.paper.errors.order'] })
    if (answer !== 'ok') return refuse('conflict', answer)
    return ok(await stillThere(tx, row.code))
  })
}

async function newCase(tx: ActorTx, { receivedOn }: TakeInPaperInput): Promise<Result<string>> {
  const person = await registerPersonIn(tx, registerPersonInput.parse({}))
  if (!person.ok) return person
  const opened = await openCaseIn(tx, { person: person.value.code, openedOn: receivedOn })
  return opened.ok ? ok(opened.value.code) : opened
}

async function basesFor(tx: ActorTx, on: CaseRef, agency: FoundPaperAgency, fields: readonly string[]) {
  const rows = await findBases(tx, { caseId: on.id, receiver: agency.id, purpose: 'sharing', fields })
  return new Map(rows.map((row) => [row.field, row]))
}

function allowedIn(bases: ReadonlyMap<string, { readonly field: string; readonly allowed: boolean }>) {
  return new Set([...bases.values()].filter(({ allowed }) => allowed).map(({ field }) => field))
}

async function stillThere(tx: ActorTx, code: string): Promise<PaperView> {
  const [row] = await listPaperRows(tx, { code })
  if (row === undefined) throw new Error('A form that was just written is out of sight')
  return viewIn(tx, row)
}

async function viewIn(tx: ActorTx, row: PaperRow): Promise<PaperView> {
  return {
    ...lineOf(row),
    person: row.person_code,
    contact: row.contact,
    needs: row.needs,
    fields: row.fields,
    consentSays: row.consent_says,
    steps: await listPaperSteps(tx, row.id),
    may: nextSteps(row.direction, row.state),
    mayPrint: isPrintable(row.direction, row.state),
  }
}

function lineOf(row: PaperRow): PaperLine {
  return {
    code: row.code,
    direction: row.direction,
    case: row.case_code,
    otherAgency: row.other_key,
    otherName: row.other_name,
    urgency: row.urgency,
    categories: row.categories,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

function shownAgency({ key, name, contact }: FoundPaperAgency): PaperAgency {
  return { key, name, contact }
}

function about(on: CaseRef) {
  return { subject: on.code, personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
}
