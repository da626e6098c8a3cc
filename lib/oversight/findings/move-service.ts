import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { withActor, type ActorTx } from '@/lib/access/with-actor'
import { checkTexts, holdsPattern } from '@/lib/people/free-text/service'
import type { SealingKey } from '@/lib/platform/crypto/envelope'
import { newCode, newId, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import {
  findReceivingKey,
  findWordsKey,
  insertFinding,
  markFindingMoved,
  updateFinding,
  type FindingAnswer,
  type SealedText,
} from './data'
import { makeFindingKey, openFindingKey, sealFindingText, wrapForAgency } from './keys'
import { mayMakeFindings, mayMoveFinding } from './policy'
import { findForActor, viewIn } from './service'
import type {
  ChangeFindingInput,
  FindingMove,
  FindingMoveDetail,
  FindingText,
  FindingView,
  OpenFindingInput,
} from './schema'

/** A move as a form or the API asks for it, with what goes along. */
export type FindingMoveInput = {
  [M in FindingMove]: { readonly finding: string; readonly move: M; readonly detail: FindingMoveDetail<M> }
}[FindingMove]

type Texts = Partial<Record<FindingText, string>>

/**
 * Opens a finding as a draft. The database freezes what it rests on, with its digest, the time and the seal's last
 * checkpoint.
 *
 * Refuses with `forbidden` everybody but an auditor, `not_found` a source that isn't there, and `invalid` an agency that it
 * doesn't concern, a day that is over, and words that seem to tell who somebody is.
 */
export async function openFinding(actor: Actor, input: OpenFindingInput): Promise<Result<FindingView>> {
  return withActor(actor, async (tx) => {
    if (!mayMakeFindings(actor)) return refuse('forbidden')
    const { statement, asked, code: source, item, ...draft } = input
    const fault = fieldFault({ statement, asked })
    if (fault !== null) return fault
    const { key, wrapped } = await makeFindingKey(tx)
    const code = newCode('FND')
    // Pseudonyms and codes may be typed or pasted with spaces, as they are shown.
    const picked = item === undefined ? undefined : (parseCode(item) ?? item)
    const texts = sealAll(key, actor.agency, { statement, asked })
    const answer = await insertFinding(tx, { ...draft, id: newId(), code, source, item: picked }, wrapped, texts)
    return refusalOf(answer, 'answerDue') ?? viewAfter(tx, code)
  })
}

/**
 * Changes what a draft says; its source and evidence stay. Refuses like `openFinding`, with `stale` when somebody changed it
 * meanwhile, and with `conflict` (`wrong_state`) what was sent or withdrawn.
 */
export async function changeFinding(actor: Actor, input: ChangeFindingInput): Promise<Result<FindingView>> {
  return withActor(actor, async (tx) => {
    const row = await findForActor(tx, input.finding)
    if (row === null) return refuse('not_found')
    if (row.side !== 'body' || !mayMakeFindings(actor)) return refuse('forbidden')
    const { statement, asked, finding: _code, version, ...draft } = input
    const fault = fieldFault({ statement, asked })
    if (fault !== null) return fault
    const stored = await findWordsKey(tx, row.code)
    if (stored === null) return refuse('not_found')
    const texts = sealAll(await openFindingKey(tx, stored), stored.holder, { statement, asked })
    const answer = await updateFinding(tx, row.code, version, draft, texts)
    return refusalOf(answer, 'answerDue') ?? viewAfter(tx, row.code)
  })
}

/**
 * Makes one move of a finding. The database decides again, with the row locked: of two who answer at once one is told that
 * it is answered.
 *
 * Refuses with `not_found`, `forbidden` for the side whose move it isn't, `invalid` for a day that doesn't fit and for words
 * that tell who somebody is, and `conflict`: `wrong_state`, `already_answered`, `already_done`.
 */
export async function moveFinding(actor: Actor, input: FindingMoveInput): Promise<Result<FindingView>> {
  return withActor(actor, async (tx) => {
    const row = await findForActor(tx, input.finding)
    if (row === null) return refuse('not_found')
    if (!mayMoveFinding(actor, input.move, row.side)) return refuse('forbidden')
    const detail = await detailOf(tx, row.code, input)
    if (!detail.ok) return detail
    const answer = await markFindingMoved(tx, row.code, input.move, detail.value)
    return refusalOf(answer, DAY_OF[input.move]) ?? viewAfter(tx, row.code)
  })
}

/** The field of a move that holds a day. */
const DAY_OF: Readonly<Record<FindingMove, string>> = {
  send: 'answerDue',
  withdraw: 'answerDue',
  accept: 'answerDue',
  reopen: 'answerDue',
  answer: 'actionDue',
  done: 'doneOn',
}

async function detailOf(tx: ActorTx, code: string, input: FindingMoveInput): Promise<Result<object>> {
  switch (input.move) {
    case 'send': {
      const stored = await findWordsKey(tx, code)
      const receiving = await findReceivingKey(tx, code)
      // Whatever is no draft any more is told so by the move itself.
      if (stored === null || receiving === null) return ok({})
      return ok({ key: wrapForAgency(receiving, await openFindingKey(tx, stored)) })
    }
    case 'answer': {
      const { answer, action, actionDue } = input.detail
      return wordsOf(tx, code, { answer, action }, { answer, action }, { actionDue })
    }
    case 'reopen': {
      const { reason, answerDue } = input.detail
      return wordsOf(tx, code, { reopened: reason }, { reason }, { answerDue })
    }
    case 'done':
      return ok({ doneOn: input.detail.doneOn })
    default:
      return ok({})
  }
}

/** What goes along in words, checked under the names of its fields and sealed under the key that both sides have. */
async function wordsOf(
  tx: ActorTx,
  code: string,
  texts: Texts,
  fields: Readonly<Record<string, string>>,
  plain: object,
): Promise<Result<object>> {
  const stored = await findWordsKey(tx, code)
  if (stored === null) return refuse('not_found')
  const fault = fieldFault(fields) ?? (await namesFault(tx, stored.persons, fields))
  if (fault !== null) return fault
  return ok({ ...plain, texts: sealAll(await openFindingKey(tx, stored), stored.holder, texts) })
}

function sealAll(key: SealingKey, body: string, texts: Texts): readonly SealedText[] {
  return Object.entries(texts).map(([kind, text]) => {
    const id = newId()
    return { id, kind: kind as FindingText, sealed: sealFindingText(key, body, id, text) }
  })
}

const NAMES_SOMEBODY = ['findings.errors.names_somebody']

/** A finding is read by people who must not learn who somebody is, so numbers and addresses can't stay, whatever the reason. */
function fieldFault(fields: Readonly<Record<string, string>>): Refused | null {
  const held = Object.entries(fields).filter(([, text]) => holdsPattern(text))
  if (held.length === 0) return null
  return refuse('invalid', 'identity', Object.fromEntries(held.map(([field]) => [field, NAMES_SOMEBODY])))
}

/** Nor can names of those whom the evidence is about, which the agency that answers knows. */
async function namesFault(
  tx: ActorTx,
  persons: readonly string[],
  fields: Readonly<Record<string, string>>,
): Promise<Refused | null> {
  const typed = Object.fromEntries(Object.entries(fields).map(([field, text]) => [field, { text, kept: undefined }]))
  for (const person of persons) {
    const { fault } = await checkTexts(tx, person, typed, 'ask')
    if (fault === null) continue
    return refuse(
      'invalid',
      'identity',
      Object.fromEntries(Object.keys(fault.errors ?? {}).map((field) => [field, NAMES_SOMEBODY])),
    )
  }
  return null
}

async function viewAfter(tx: ActorTx, code: string): Promise<Result<FindingView>> {
  const row = await findForActor(tx, code)
  if (row === null) throw new Error('A finding that was just changed is out of sight')
  return ok(await viewIn(tx, row))
}

function refusalOf(answer: FindingAnswer, day: string): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'forbidden':
    case 'not_found':
    case 'stale':
      return refuse(answer)
    case 'agency':
      return refuse('invalid', 'agency', { agency: ['findings.errors.agency'] })
    case 'due':
      return refuse('invalid', 'due', {
        [day]: [day === 'doneOn' ? 'findings.errors.done_on' : 'findings.errors.day_over'],
      })
    default:
      return refuse('conflict', answer)
  }
}
