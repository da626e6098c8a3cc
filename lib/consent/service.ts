import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { actorOf, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import type { CaseFrameView } from '@/lib/cases/overview-schema'
import { frameAroundListIn } from '@/lib/cases/overview-service'
import { findCaseForEntry, findCaseForRead, findCaseForWrite, type CaseRef } from '@/lib/cases/reference-service'
import { planConsentEndIn } from '@/lib/cases/tasks/service'
import { audienceIn } from '@/lib/cases/team-service'
import type { CaseAudience } from '@/lib/cases/team-schema'
import type { TextCheck } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { personKey, sealUnder, unsealUnder } from '@/lib/people/sealing'
import { openCursor, pageOf } from '@/lib/platform/cursor'
import { workerSql } from '@/lib/platform/db/worker'
import type { Job } from '@/lib/platform/jobs/loop'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  consentPosition,
  findConsent,
  findReceiver,
  insertConsent,
  insertWithdrawal,
  listAllRows,
  listConsentRows,
  listEditions,
  listReceivers,
  listStandings,
  listThreeAnswers,
  newConsentName,
  openTexts,
  type ConsentRow,
} from './data'
import { mayReadConsents, mayRecordConsent } from './policy'
import { canReplace, canWithdraw, nextEnd, remindedOn, stateOf } from './rules'
import type {
  ConsentPage,
  ConsentTexts,
  ConsentView,
  ListConsentsInput,
  ReceiverView,
  RecordConsentEntry,
  ThreeAnswerView,
  WithdrawConsentEntry,
} from './schema'

/**
 * Writes down what a person answered about their data: a yes or a no, for one purpose. Nothing is edited: with
 * `replaces` a newer answer takes the place of an older one, which stays readable.
 *
 * Refuses with `not_found` when the actor may not know of the case, `forbidden` off its team, `conflict` for a closed
 * case (`case_closed`) and for what was withdrawn or replaced already (`wrong_state`), and `invalid` for an agency that
 * is none of the network, days that don't fit, or a text that seems to hold identity (`text_flagged`) while the sender
 * hasn't said why it stays; with `warn` the view tells of it.
 */
export async function recordConsent(
  actor: Actor,
  said: RecordConsentEntry,
  check: TextCheck = 'ask',
): Promise<Result<ConsentView>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, said.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayRecordConsent(actor, on)) return refuse('forbidden')
    const replaces = said.replaces === undefined ? null : await findConsent(tx, said.replaces)
    const receiver = said.agency === undefined ? null : await findReceiver(tx, said.agency)
    const wrong = faultOf(tx, said, on, replaces) ?? (said.agency !== undefined && receiver === null ? NO_AGENCY : null)
    if (wrong !== null) return wrong
    const { fault, told } = await checkTexts(tx, on.person, textsOf(said), check)
    if (fault !== null) return fault

    const name = newConsentName()
    const isIn = await insertConsent(tx, on, said, {
      ...name,
      toAgency: receiver?.id ?? null,
      startsOn: said.startsOn ?? todayIn(tx),
      replaces,
      sealed: await sealedWords(tx, on, name.id, wordsOf(said)),
    })
    if (!isIn) return refuse('conflict', 'wrong_state')
    await record(tx, {
      type: said.answer === 'given' ? 'consent.given' : 'consent.refused',
      subject: name.code,
      ...aboutCase(on),
      purpose: said.purpose,
      ...(replaces === null ? {} : { basis: replaces.code }),
    })
    await planEnd(tx, on)
    return ok({ ...viewOf(tx, await stillThere(tx, name.code), on), ...told })
  })
}

/**
 * Ends a consent because the person no longer agrees; from the database's next statement on nothing goes out under it,
 * and what went out before is shut at the receiver's next look. The team is told. A closed case takes it too.
 *
 * Refuses with `not_found` off the team, `conflict` (`wrong_state`) when there is nothing to withdraw, and `invalid` as
 * `recordConsent` does.
 */
export async function withdrawConsent(
  actor: Actor,
  said: WithdrawConsentEntry,
  check: TextCheck = 'ask',
): Promise<Result<ConsentView>> {
  return withActor(actor, async (tx) => {
    const found = await findWithCase(tx, actor, said.consent)
    if (!found.ok) return found
    const { consent, on } = found.value
    if (!mayRecordConsent(actor, on)) return refuse('forbidden')
    if (!canWithdraw(stateOf(consent, todayIn(tx)))) return refuse('conflict', 'wrong_state')
    const { fault, told } = await checkTexts(
      tx,
      on.person,
      { reason: { text: said.reason, kept: said.reasonKept } },
      check,
    )
    if (fault !== null) return fault
    const reason = isSaid(said.reason) ? await sealed(tx, on, 'consent_withdrawal', consent.id, said.reason) : null
    if (!(await insertWithdrawal(tx, consent, said, reason))) return refuse('conflict', 'wrong_state')
    await record(tx, {
      type: 'consent.withdrawn',
      subject: consent.code,
      ...aboutCase(on),
      purpose: consent.purpose,
    })
    await planEnd(tx, on)
    return ok({ ...viewOf(tx, await stillThere(tx, consent.code), on), ...told })
  })
}

/**
 * What a person has said on a case, the latest first; what a newer answer replaced is on that one's page. Writes one
 * event. Refuses with `not_found` when the actor may not know of the case, and `forbidden` off its team.
 */
export async function listConsents(actor: Actor, input: ListConsentsInput): Promise<Result<ConsentPage>> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForRead(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayReadConsents(actor, on)) return refuse('forbidden')
    const scope = `consents:${on.code}`
    const cursor = input.cursor === undefined ? null : openCursor(scope, input.cursor)
    if (input.cursor !== undefined && cursor === null)
      return refuse('invalid', 'cursor', { cursor: ['errors.field.not_valid'] })
    const rows = await listConsentRows(tx, on.id, input.limit, cursor)
    const page = pageOf(scope, cursor, input.limit, rows, consentPosition)
    await record(tx, { type: 'consent.listed', subject: on.code, ...aboutCase(on) })
    return ok({
      items: page.rows.map((row) => viewOf(tx, row, on)),
      nextCursor: page.later,
      previousCursor: page.earlier,
    })
  })
}

/** The answers of a case with the case around them, and the three that stay apart. Refuses as `listConsents` does. */
export async function viewCaseConsents(
  actor: Actor,
  input: ListConsentsInput,
): Promise<
  Result<{ readonly frame: CaseFrameView; readonly list: ConsentPage; readonly answers: readonly ThreeAnswerView[] }>
> {
  return withActor(actor, async (tx) => {
    const frame = await frameAroundListIn(tx, input.case)
    if (!frame.ok) return frame
    const list = await listConsents(actor, input)
    if (!list.ok) return list
    const on = await findCaseForRead(tx, input.case)
    if (!on.ok) return on
    return ok({ frame: frame.value, list: list.value, answers: await listThreeAnswers(tx, on.value.id) })
  })
}

/** One answer. What was said in words stays shut. Refuses with `not_found` off the team of its case. */
export async function viewConsent(actor: Actor, input: { readonly consent: string }): Promise<Result<ConsentView>> {
  return withActor(actor, async (tx) => {
    const found = await findWithCase(tx, actor, input.consent)
    if (!found.ok) return found
    await recordView(tx, found.value)
    return ok(viewOf(tx, found.value.consent, found.value.on))
  })
}

/** One answer with all editions of it, the newest first, and who reads what is typed on it. Refuses as `viewConsent` does. */
export async function viewConsentPage(
  actor: Actor,
  input: { readonly consent: string },
): Promise<
  Result<{
    readonly consent: ConsentView
    readonly editions: readonly ConsentView[]
    readonly audience: CaseAudience
  }>
> {
  return withActor(actor, async (tx) => {
    const found = await findWithCase(tx, actor, input.consent)
    if (!found.ok) return found
    const { consent, on } = found.value
    await recordView(tx, found.value)
    return ok({
      consent: viewOf(tx, consent, on),
      editions: (await listEditions(tx, consent.id)).map((row) => viewOf(tx, row, on)),
      audience: await audienceIn(tx, on),
    })
  })
}

/**
 * Opens what was said beside a consent, on an explicit press; the database writes the look in the same transaction.
 * Refuses with `not_found` off the team, and where nothing was said.
 */
export async function readConsentTexts(
  actor: Actor,
  input: { readonly consent: string },
): Promise<Result<ConsentTexts>> {
  return withActor(actor, async (tx) => {
    const found = await findWithCase(tx, actor, input.consent)
    if (!found.ok) return found
    const { consent } = found.value
    const words = await openTexts(tx, consent.id)
    if (words.length === 0) return refuse('not_found')
    const key = await personKey(tx, consent.person)
    const opened = words.map(({ place, sealed: bytes }): ConsentTexts => {
      const column = place === 'consent' ? 'sealed' : 'reason'
      const text = unsealUnder(key, actor.agency, { table: place, column, row: consent.id }, bytes)
      return place === 'consent' ? (JSON.parse(text) as ConsentTexts) : { reason: text }
    })
    return ok(Object.assign({}, ...opened) as ConsentTexts)
  })
}

/** Everything a person answered on a case, the latest first, in a transaction that writes its own look. Nothing off the team. */
export async function consentsOnIn(tx: ActorTx, code: string): Promise<readonly ConsentView[]> {
  const on = await findCaseForRead(tx, code)
  if (!on.ok || !mayReadConsents(actorOf(tx), on.value)) return []
  const rows = await listAllRows(tx, on.value.id)
  return rows.map((row) => viewOf(tx, row, on.value))
}

/** What the form for an answer starts from. Refuses as `recordConsent` does, and with `not_found` what it should replace. */
export async function prepareConsent(
  actor: Actor,
  input: { readonly case: string; readonly replaces?: string | undefined },
): Promise<
  Result<{
    readonly case: string
    readonly person: string
    readonly receivers: readonly ReceiverView[]
    readonly replaces: ConsentView | null
    readonly audience: CaseAudience
    readonly today: string
  }>
> {
  return withActor(actor, async (tx) => {
    const found = await findCaseForWrite(tx, input.case)
    if (!found.ok) return found
    const on = found.value
    if (!mayRecordConsent(actor, on)) return refuse('forbidden')
    const replaces = input.replaces === undefined ? null : await findConsent(tx, input.replaces)
    if (input.replaces !== undefined && replaces?.caseId !== on.id) return refuse('not_found')
    if (replaces !== null) await recordView(tx, { consent: replaces, on })
    return ok({
      case: on.code,
      person: on.personCode,
      receivers: await listReceivers(tx),
      replaces: replaces === null ? null : viewOf(tx, replaces, on),
      audience: await audienceIn(tx, on),
      today: todayIn(tx),
    })
  })
}

/** Tells teams of consents that have run out; returns of how many. */
export async function tellOfEndedConsents(): Promise<number> {
  const rows = await workerSql()<{ told: number }[]>`SELECT app.tell_of_ended_consents() AS told`
  return rows[0]?.told ?? 0
}

export const CONSENT_JOBS: readonly Job[] = [{ name: 'consent-ended', everySeconds: 300, run: tellOfEndedConsents }]

const NO_AGENCY = refuse('invalid', 'agency', { agency: ['consents.errors.no_agency'] })

type WithCase = { readonly consent: ConsentRow; readonly on: CaseRef }

async function findWithCase(tx: ActorTx, actor: Actor, code: string): Promise<Result<WithCase>> {
  if (!holds(actor, 'consent:read')) return refuse('not_found')
  const consent = await findConsent(tx, code)
  if (consent === null) return refuse('not_found')
  const on = await findCaseForEntry(tx, consent.caseCode)
  if (!on.ok || !mayReadConsents(actor, on.value)) return refuse('not_found')
  return ok({ consent, on: on.value })
}

function faultOf(tx: ActorTx, said: RecordConsentEntry, on: CaseRef, replaces: ConsentRow | null): Refused | null {
  const today = todayIn(tx)
  if (said.replaces !== undefined) {
    if (replaces?.caseId !== on.id) return refuse('invalid', 'replaces', { replaces: ['consents.errors.code'] })
    if (replaces.purpose !== said.purpose)
      return refuse('invalid', 'purpose', { purpose: ['consents.errors.same_purpose'] })
    if (!canReplace(stateOf(replaces, today))) return refuse('conflict', 'wrong_state')
  }
  const startsOn = said.startsOn ?? today
  if (said.endsOn !== undefined && said.endsOn < startsOn)
    return refuse('invalid', 'date', { endsOn: ['consents.errors.order'] })
  if (said.endsOn !== undefined && said.endsOn < today && said.replaces === undefined && startsOn >= today)
    return refuse('invalid', 'date', { endsOn: ['consents.errors.past'] })
  return null
}

/** The texts of an answer that may not say who it is about. */
function textsOf(said: RecordConsentEntry) {
  return {
    withheldWords: { text: said.withheldWords, kept: said.withheldWordsKept },
    bestInterests: { text: said.bestInterests, kept: said.bestInterestsKept },
    childWords: { text: said.childWords, kept: said.childWordsKept },
  }
}

/** What is sealed of an answer: everything that was said in words, drawn, or heard by somebody. */
function wordsOf(said: RecordConsentEntry): ConsentTexts {
  const { signature, witness, withheldWords, bestInterests, childWords } = said
  return {
    ...(said.withheld.length > 0 && isSaid(withheldWords) ? { withheldWords } : {}),
    ...(said.child && isSaid(bestInterests) ? { bestInterests } : {}),
    ...(said.child && isSaid(childWords) ? { childWords } : {}),
    ...(witness === undefined ? {} : { witness }),
    ...(said.method === 'written' && signature !== undefined ? { signature } : {}),
  }
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

async function sealedWords(
  tx: ActorTx,
  on: CaseRef,
  id: string,
  words: ConsentTexts,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Object.keys(words).length === 0) return null
  return sealed(tx, on, 'consent', id, JSON.stringify(words))
}

async function sealed(tx: ActorTx, on: CaseRef, table: 'consent' | 'consent_withdrawal', row: string, text: string) {
  const key = await personKey(tx, on.person)
  return sealUnder(key, actorOf(tx).agency, { table, column: table === 'consent' ? 'sealed' : 'reason', row }, text)
}

/** The task that reminds of the earliest end follows what was said last. */
async function planEnd(tx: ActorTx, on: CaseRef): Promise<void> {
  const today = todayIn(tx)
  const end = on.closedOn === null ? nextEnd(await listStandings(tx, on.id), today) : null
  const remind = end === null ? null : remindedOn(end)
  await planConsentEndIn(tx, on, remind === null || remind > today ? remind : today)
}

function recordView(tx: ActorTx, { consent, on }: WithCase): Promise<void> {
  return record(tx, { type: 'consent.viewed', subject: consent.code, ...aboutCase(on) })
}

function aboutCase(on: CaseRef) {
  return { personId: on.person, caseId: on.id, holderAgencyId: on.holderAgency }
}

function viewOf(tx: ActorTx, row: ConsentRow, on: CaseRef): ConsentView {
  const actor = actorOf(tx)
  const state = stateOf(row, todayIn(tx))
  const may = mayRecordConsent(actor, on)
  return {
    code: row.code,
    case: row.caseCode,
    person: row.personCode,
    state,
    purpose: row.purpose,
    answer: row.answer,
    agency: row.toAgency,
    agencyName: row.toAgencyName,
    agencyKind: row.toKind,
    categories: row.categories,
    identity: row.identity,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    givenBy: row.givenBy,
    method: row.method,
    language: row.language,
    interpreter: row.interpreter,
    explained: row.explained,
    explainedBy: row.explainedBy,
    withheld: row.withheld,
    withheldWhy: row.withheldWhy,
    child: row.child,
    childView: row.childView,
    hasTexts: row.hasTexts,
    recordedAt: row.recordedAt.toISOString(),
    recordedBy: row.recordedBy,
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
    withdrawnBy: row.withdrawnBy,
    edition: row.edition,
    replaces: row.replaces,
    replacedBy: row.replacedBy,
    version: 1 + Number(row.withdrawnAt !== null) + Number(row.replacedBy !== null),
    may: { withdraw: may && canWithdraw(state), renew: may && canReplace(state) && on.closedOn === null },
  }
}

async function stillThere(tx: ActorTx, code: string): Promise<ConsentRow> {
  const consent = await findConsent(tx, code)
  if (consent === null) throw new Error('An answer that was just written is out of sight')
  return consent
}
