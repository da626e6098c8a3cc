import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { ok, refuse, type Result } from '@/lib/platform/result'

import {
  findCase,
  findPersonForCase,
  insertCase,
  lastChange,
  markChanged,
  setRestricted,
  updateContent,
  type CaseRef,
  type CaseRow,
  type SkeletonChange,
} from './data'
import { identificationErrors, sealedReason, sealedWhy } from './identification-service'
import { actsOn, mayChange, mayRestrict, maySettle } from './policy'
import { canMove, isClosed, namedFields, riskReviewDue } from './rules'
import type {
  CaseInput,
  CaseView,
  ChangeCaseFields,
  ChangeCaseInput,
  CloseCaseInput,
  OpenCaseInput,
  ReopenCaseInput,
} from './schema'
import { endTasksIn, planRiskReviewIn } from './tasks/service'

/**
 * Opens a case for a person of the actor's agency. Whoever opens it is its first team member and lead; a risk level
 * makes the first risk review. For a person whom an open restricted case hides, the new case is restricted too.
 *
 * Refuses with `not_found` when the actor may not know of the person, `forbidden` when they don't work with them, and
 * `invalid` for a day in the future.
 */
export async function openCase(actor: Actor, input: OpenCaseInput): Promise<Result<CaseView>> {
  return withActor(actor, (tx) => openCaseIn(tx, input))
}

/** The same inside a transaction, for registering and importing. */
export async function openCaseIn(tx: ActorTx, input: OpenCaseInput): Promise<Result<CaseView>> {
  const actor = actorOf(tx)
  if (!holds(actor, 'case:open')) return refuse('forbidden')
  const today = todayIn(tx)
  const openedOn = input.openedOn ?? today
  if (openedOn > today) return refuse('invalid', undefined, { openedOn: ['cases.errors.future'] })
  const person = await findPersonForCase(tx, input.person)
  if (person === null) return refuse('not_found')
  if (!person.onTeam) return refuse('forbidden')

  const risk = input.risk ?? null
  const due = risk === null ? null : riskReviewDue(risk, today)
  const stage = input.stage ?? 'presumed'
  const { code, personRestricted } = await insertCase(tx, { person, stage, risk, riskReviewDue: due, openedOn })
  const opened = await mustFind(tx, code)
  if (personRestricted) await setRestricted(tx, opened, true)
  await planRiskReviewIn(tx, opened, risk)
  await record(tx, { type: 'case.opened', ...about(opened), fields: ['stage', ...(risk === null ? [] : ['risk'])] })
  return ok(viewOf(actor, await mustFind(tx, code)))
}

/**
 * A case: its skeleton for the agency's case roles, its content for the team. One look on the log. Refuses with
 * `not_found`.
 */
export async function viewCase(actor: Actor, input: CaseInput): Promise<Result<CaseView>> {
  return withActor(actor, async (tx) => {
    const found = await viewCaseIn(tx, input.case)
    return found.ok ? ok(viewOf(actor, found.value)) : found
  })
}

/** The row of a case for the services of this part that show more of it than `viewCase`; writes the look. */
export async function viewCaseIn(tx: ActorTx, code: string): Promise<Result<CaseRow>> {
  const found = await findReadable(tx, code)
  if (found === null) return refuse('not_found')
  await record(tx, { type: 'case.viewed', ...about(found), basis: found.content === null ? 'skeleton' : 'team' })
  return ok(found)
}

/**
 * Changes what is named, all or nothing. Naming the risk counts as its review and plans the next. A status that closes
 * needs `closureReason`.
 *
 * Refuses with `not_found`, `forbidden` off the team, `conflict` (`case_closed`, `wrong_state`, `led_elsewhere` for closing
 * what another agency leads), `invalid` (also for a reason that seems to hold identity, `text_flagged`; with `warn` the view tells of it), and `stale` when the case
 * changed since `version`: nothing is overwritten.
 */
export async function changeCase(
  actor: Actor,
  input: ChangeCaseInput,
  check: TextCheck = 'ask',
): Promise<Result<CaseView>> {
  return withActor(actor, async (tx) => {
    const { case: code, version, ...fields } = input
    const found = await findReadable(tx, code)
    if (found === null) return refuse('not_found')
    if (!mayChange(actor, found)) return refuse('forbidden')
    if (found.version !== version) return refuse('stale')
    if (settles(found, fields) && !maySettle(actor, found)) return refuse('forbidden')
    return fields.status !== undefined && isClosed(found.status) !== isClosed(fields.status)
      ? moveOpenness(tx, found, fields)
      : changeOpen(tx, found, fields, check)
  })
}

/** Closes a case for a coded reason; what still waits on it ends. Refuses as `changeCase` does. */
export function closeCase(actor: Actor, input: CloseCaseInput): Promise<Result<CaseView>> {
  const status = input.closureReason === 'referred_to_other_agency' ? 'closed_referred' : 'closed'
  return changeCase(actor, { case: input.case, version: input.version, status, closureReason: input.closureReason })
}

/** Takes a closed case up again, with a coded reason; its history stays. Refuses as `changeCase` does. */
export async function reopenCase(actor: Actor, input: ReopenCaseInput): Promise<Result<CaseView>> {
  return withActor(actor, async (tx) => {
    const found = await findReadable(tx, input.case)
    if (found === null) return refuse('not_found')
    if (!maySettle(actor, found)) return refuse('forbidden')
    if (found.version !== input.version) return refuse('stale')
    if (!isClosed(found.status)) return refuse('conflict', 'wrong_state')
    return reopen(tx, found, input.reason)
  })
}

/**
 * Restricts a case to its assigned members: to everyone else neither it nor its person exists, and the person's other
 * cases are restricted too, each to its own team. Refuses with `not_found`, `forbidden`, and `conflict` when it is so.
 */
export function restrictCase(actor: Actor, input: CaseInput): Promise<Result<{ readonly code: string }>> {
  return turnRestriction(actor, input, true)
}

/** Lifts the restriction of this one case. Refuses as `restrictCase` does. */
export function unrestrictCase(actor: Actor, input: CaseInput): Promise<Result<{ readonly code: string }>> {
  return turnRestriction(actor, input, false)
}

/** A case for the page that compares two edits: as it is now, who changed it last, and when. Null when out of sight. */
export async function viewCaseForConflict(
  actor: Actor,
  input: CaseInput,
): Promise<{ readonly view: CaseView; readonly by: string; readonly at: Date } | null> {
  const found = await withActor(actor, async (tx) => {
    const row = await viewCaseIn(tx, input.case)
    if (!row.ok) return row
    const change = await lastChange(tx, row.value)
    if (change === null) return refuse('not_found')
    return ok({ view: viewOf(actor, row.value), ...change })
  })
  return found.ok ? found.value : null
}

/** Whether an edit decides more than what is known of the case: whether it goes on, and whether it must be kept. */
function settles(found: CaseRow, { status, legalHold }: ChangeCaseFields): boolean {
  return legalHold !== undefined || (status !== undefined && isClosed(found.status) !== isClosed(status))
}

async function changeOpen(
  tx: ActorTx,
  found: CaseRow,
  fields: ChangeCaseFields,
  check: TextCheck,
): Promise<Result<CaseView>> {
  if (isClosed(found.status)) return refuse('conflict', 'case_closed')
  const { status, stage, risk, legalHold, closureReason, identificationReasonKept: kept, ...content } = fields
  if (closureReason !== undefined) return refuse('invalid', undefined, { closureReason: ['cases.errors.not_closing'] })
  const wrong = identificationErrors(found.content, content, todayIn(tx))
  if (wrong !== null) return refuse('invalid', undefined, wrong)
  if (status !== undefined && status !== found.status && !canMove(found.status, status)) {
    return refuse('conflict', 'wrong_state')
  }
  const typed = { identificationReason: { text: content.identificationReason ?? undefined, kept } }
  const { fault, told } = await checkTexts(tx, found.person, typed, check)
  if (fault !== null) return fault
  const skeleton: SkeletonChange = {
    ...(status === undefined ? {} : { status }),
    ...(stage === undefined ? {} : { stage }),
    ...(risk === undefined ? {} : { risk, riskReviewDue: new Date(riskReviewDue(risk, todayIn(tx))) }),
    ...(legalHold === undefined ? {} : { legalHold }),
  }
  if (!(await markChanged(tx, found, found.version, skeleton))) return refuse('stale')
  await updateContent(tx, found, rowOfContent(content, await sealedReason(tx, found, content), nowIn(tx)))
  if (risk !== undefined) await planRiskReviewIn(tx, found, risk)
  await record(tx, {
    type: 'case.changed',
    ...about(found),
    fields: namedFields(fields),
    ...(kept === undefined || kept === '' ? {} : { reason: await sealedWhy(tx, found, kept) }),
  })
  return ok({ ...viewOf(actorOf(tx), await mustFind(tx, found.code)), ...told })
}

/** From open to closed or back, by the status that an edit names. */
async function moveOpenness(tx: ActorTx, found: CaseRow, fields: ChangeCaseFields): Promise<Result<CaseView>> {
  const { status, closureReason, ...rest } = fields
  if (status === undefined || !canMove(found.status, status)) return refuse('conflict', 'wrong_state')
  // Closing or reopening is a step of its own: what else should change is changed while the case is open.
  if (namedFields(rest).length > 0) return refuse('conflict', 'case_closed')
  if (!isClosed(status)) {
    return closureReason === undefined
      ? reopen(tx, found)
      : refuse('invalid', undefined, { closureReason: ['cases.errors.not_closing'] })
  }
  if (closureReason === undefined) {
    return refuse('invalid', undefined, { closureReason: ['cases.errors.closure_reason'] })
  }
  // Whoever closes a case leads it: what another agency leads is taken back first.
  if (found.lead !== null) return refuse('conflict', 'led_elsewhere')
  const closed: SkeletonChange = { status, closureReason, closedOn: new Date(todayIn(tx)), riskReviewDue: null }
  if (!(await markChanged(tx, found, found.version, closed))) return refuse('stale')
  await endTasksIn(tx, found)
  await record(tx, { type: 'case.closed', ...about(found), fields: ['status', 'closureReason'], basis: closureReason })
  return ok(viewOf(actorOf(tx), await mustFind(tx, found.code)))
}

async function reopen(tx: ActorTx, found: CaseRow, reason?: string): Promise<Result<CaseView>> {
  const due = found.risk === null ? null : new Date(riskReviewDue(found.risk, todayIn(tx)))
  const opened: SkeletonChange = { status: 'active', closedOn: null, closureReason: null, riskReviewDue: due }
  if (!(await markChanged(tx, found, found.version, opened))) return refuse('stale')
  await planRiskReviewIn(tx, found, found.risk)
  await record(tx, {
    type: 'case.reopened',
    ...about(found),
    fields: ['status'],
    ...(reason === undefined ? {} : { basis: reason }),
  })
  return ok(viewOf(actorOf(tx), await mustFind(tx, found.code)))
}

async function turnRestriction(
  actor: Actor,
  input: CaseInput,
  wanted: boolean,
): Promise<Result<{ readonly code: string }>> {
  return withActor(actor, async (tx) => {
    const found = await findReadable(tx, input.case)
    if (found === null) return refuse('not_found')
    if (!mayRestrict(actor, found)) return refuse('forbidden')
    if (!(await setRestricted(tx, found, wanted))) return refuse('conflict', 'wrong_state')
    await record(tx, {
      type: wanted ? 'case.restricted' : 'case.unrestricted',
      ...about(found),
      fields: ['restricted'],
    })
    return ok({ code: found.code })
  })
}

type ContentFields = Omit<
  ChangeCaseFields,
  'status' | 'stage' | 'risk' | 'legalHold' | 'closureReason' | 'identificationReasonKept'
>

function rowOfContent(
  fields: ContentFields,
  reason: Uint8Array | null | undefined,
  now: Date,
): Readonly<Record<string, unknown>> {
  const { identifiedOn, identificationReason: _text, ...plain } = fields
  const row: Record<string, unknown> = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  )
  if (reason !== undefined) row['identificationReason'] = reason
  if (identifiedOn !== undefined) row['identifiedOn'] = identifiedOn === null ? null : new Date(identifiedOn)
  return Object.keys(row).length === 0 ? row : { ...row, updatedAt: now }
}

/** The case, or null: also for roles without cases, who have no right on these tables to ask with. */
/** The row of a case that the actor may know of, or null. Writes no look: whoever shows it does. */
export async function findReadable(tx: ActorTx, code: string): Promise<CaseRow | null> {
  return holds(actorOf(tx), 'case:read') ? findCase(tx, code) : null
}

async function mustFind(tx: ActorTx, code: string): Promise<CaseRow> {
  const found = await findCase(tx, code)
  if (found === null) throw new Error('A case went out of sight of whoever writes it')
  return found
}

/** What every audit entry about a case says. */
function about(ref: CaseRef) {
  return { subject: ref.code, personId: ref.person, caseId: ref.id, holderAgencyId: ref.holderAgency }
}

/** What another agency leads isn't closed before the lead is back. */
function mayOf(actor: Actor, row: CaseRow): CaseView['may'] {
  const acts = actsOn(actor, row)
  return { ...acts, close: acts.close && row.lead === null }
}

/** A case as screens and the API see it: ids stay inside. */
export function viewOf(actor: Actor, row: CaseRow): CaseView {
  return {
    code: row.code,
    person: row.personCode,
    number: row.number,
    agency: row.agencyKey,
    agencyName: row.agencyName,
    lead: row.lead,
    status: row.status,
    stage: row.stage,
    risk: row.risk,
    riskReviewDue: row.riskReviewDue,
    restricted: row.restricted,
    legalHold: row.legalHold,
    openedOn: row.openedOn,
    closedOn: row.closedOn,
    closureReason: row.closureReason,
    needsOpen: row.needsOpen,
    unit: row.unitName,
    services: row.services,
    team: row.team,
    place: row.place,
    content: row.content,
    may: mayOf(actor, row),
    version: row.version,
  }
}
