import 'server-only'
import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { networkClockIn } from '@/lib/agencies/network-service'
import type { TextCheck, TextWarning } from '@/lib/people/free-text/schema'
import { checkTexts } from '@/lib/people/free-text/service'
import { newId } from '@/lib/platform/ids'
import { ok, refuse, type Refused, type Result } from '@/lib/platform/result'

import { pauseFrom, resumeClock } from './clock/rules'
import {
  findPackageKey,
  findPause,
  findReceivingKey,
  findReferral,
  findRouting,
  findSenderKeys,
  findWordsKey,
  markDeclineWords,
  markMoved,
  type MoveAnswer,
  type ReferralRow,
} from './data'
import { namesGround } from './grounds/rules'
import { indexAcceptedIn } from './index-service'
import { openOwnKey, sealWords, takeOver, wrapForOther } from './keys'
import { mayReadReferrals } from './policy'
import { MOVER, nextBeforeBasis, nextState } from './rules'
import { OUTCOMES, type Move, type MoveDetail, type Outcome, type ReferralView } from './schema'
import { sendReferral } from './send-service'
import { viewIn } from './service'
import { momentsOf } from './view'

/** A move as a form or the API asks for it, with what goes along. */
export type MoveInput = {
  [M in Move]: { readonly referral: string; readonly move: M; readonly detail: MoveDetail<M> }
}[Move]

/**
 * Makes one move of a referral. The database decides again, with the row locked: of two who answer at once one is told
 * that it is answered.
 *
 * Refuses with `not_found`, `forbidden` for whoever knows of it and doesn't answer for it, `invalid` (needs that aren't
 * its own; a day to start on that is over; words that seem to hold identity, `text_flagged`, unless `warn` lets the view tell of it), and `conflict`:
 * `wrong_state`, `already_answered`, `no_basis` when what it rests on has ended, `case_closed` for a lead that nobody can take
 * over, `same_member` for whoever decided what is looked at again, or sent what another member confirms.
 */
export async function moveReferral(
  actor: Actor,
  input: MoveInput,
  check: TextCheck = 'ask',
): Promise<Result<ReferralView>> {
  if (!mayReadReferrals(actor)) return refuse('not_found')
  if (input.move === 'send') return sendReferral(actor, { referral: input.referral })
  return withActor(actor, async (tx) => {
    const row = await findReferral(tx, input.referral)
    if (row === null) return refuse('not_found')
    if (!holds(actor, MOVER[input.move] === 'sender' ? 'referral:send' : 'referral:answer')) return refuse('forbidden')
    if (input.move === 'accept' && input.detail.startsOn !== undefined && input.detail.startsOn < todayIn(tx))
      return refuse('invalid', 'past_date', { startsOn: ['referrals.errors.starts_on'] })
    if (input.move === 'decide' && input.detail.decidedOn > todayIn(tx))
      return refuse('invalid', 'decided_on', { decidedOn: ['referrals.errors.decided_on'] })
    if (row.answers && (await waitsForBasis(tx, row, input.move))) return refuse('conflict', 'no_basis')
    const written = await wordsOf(tx, row, input, check)
    if (!written.ok) return written
    const detail = await detailOf(tx, row, input)
    const answer = await markMoved(tx, row.code, input.move, detail, written.value.words)
    const refused = refusalOf(answer)
    if (refused !== null) return refused
    if (input.move === 'accept') await indexAcceptedIn(tx, row.code, row.holder_id)
    // The words are sealed from here on, so whether they name a ground is told now or never.
    if (input.move === 'decline' && input.detail.text !== undefined)
      await markDeclineWords(tx, row.code, namesGround(input.detail.text) ? 'ground' : 'plain')
    const moved = await findReferral(tx, row.code)
    if (moved === null) throw new Error('A referral that was just moved is out of sight')
    return ok({ ...(await viewIn(tx, actor, moved)), ...written.value.told })
  })
}

/** Whether a move has to wait until something is shared of a referral that a coordinator rerouted. */
async function waitsForBasis(tx: ActorTx, row: ReferralRow, move: Move): Promise<boolean> {
  if (nextBeforeBasis(move, row.state) !== null || nextState(move, row.state, row.state_before) === null) return false
  return (await findRouting(tx, row.code)).awaits_basis
}

type Written = {
  readonly words: { readonly id: string; readonly sealed: Uint8Array<ArrayBuffer> } | null
  readonly told: { readonly warnings?: readonly TextWarning[] }
}

/** What goes along in words: checked for identity, and sealed under the key that both sides have. */
async function wordsOf(tx: ActorTx, row: ReferralRow, input: MoveInput, check: TextCheck): Promise<Result<Written>> {
  const said = saidIn(input)
  if (said === null) return ok({ words: null, told: {} })
  const key = await findWordsKey(tx, row.code)
  // Whoever may not write there is told so by the move itself.
  if (key === null) return ok({ words: null, told: {} })
  const { fault, told } = await checkTexts(
    tx,
    key.person ?? row.id,
    { [said.field]: { text: said.text, kept: undefined } },
    check,
  )
  if (fault !== null) return fault
  const id = newId()
  const opened = await openOwnKey(tx, 'preview', key)
  return ok({ words: { id, sealed: sealWords(opened, key.holder, id, said.text) }, told })
}

function saidIn(input: MoveInput): { readonly field: string; readonly text: string } | null {
  switch (input.move) {
    case 'request-info':
      return { field: 'question', text: input.detail.question }
    case 'answer-info':
      return { field: 'answer', text: input.detail.answer }
    case 'decline':
      return input.detail.text === undefined ? null : { field: 'text', text: input.detail.text }
    case 'complete':
      return outcomeWords(input.detail)
    case 'decide':
      return input.detail.text === undefined ? null : { field: 'text', text: input.detail.text }
    default:
      return null
  }
}

/** An outcome in words of one's own counts as `other`, with those words. */
function outcomeWords({
  outcome,
  text,
}: MoveDetail<'complete'>): { readonly field: string; readonly text: string } | null {
  if (text !== undefined) return { field: 'text', text }
  return codedOutcome(outcome) === null ? { field: 'outcome', text: outcome } : null
}

function codedOutcome(outcome: string): Outcome | null {
  return OUTCOMES.find((known) => known === outcome) ?? null
}

/** What goes along in codes. */
async function detailOf(tx: ActorTx, row: ReferralRow, input: MoveInput): Promise<unknown> {
  switch (input.move) {
    case 'acknowledge':
    case 'accept': {
      // An authority sees what goes along from its acknowledgement on; another agency once it accepts.
      if (input.move === 'acknowledge' && row.kind !== 'identification') return {}
      // Of a transfer nothing more is seen before the sending side has confirmed as well.
      if (row.kind === 'transfer') return input.detail
      const offered = await findPackageKey(tx, row.code)
      const packageKey = offered === null ? null : await takeOver(tx, 'package', offered)
      return { ...input.detail, packageKey }
    }
    case 'confirm':
      return { packageKey: await packageKeyForOther(tx, row.code) }
    case 'answer-info': {
      const moments = momentsOf(row)
      if (moments === null || row.paused_at === null) return {}
      // An answer after the end of the pause, before the clock's job came by, finds the clock running since that end.
      const { ends_at: endsAt } = await findPause(tx, row.code)
      const now = nowIn(tx)
      const until = endsAt !== null && endsAt < now ? endsAt : now
      return { clock: resumeClock(await networkClockIn(tx), row.urgency, moments, row.paused_at, until) }
    }
    case 'request-info': {
      const moments = momentsOf(row)
      return moments === null ? {} : { pause: pauseFrom(await networkClockIn(tx), row.urgency, moments, nowIn(tx)) }
    }
    case 'decline':
      return { declineReason: input.detail.declineReason }
    case 'decide': {
      const { text: _said, ...coded } = input.detail
      return coded
    }
    case 'complete':
      return { outcome: codedOutcome(input.detail.outcome) ?? 'other' }
    default:
      return input.detail
  }
}

/** The package's key wrapped for the agency that accepted, by the side that confirms; null where there is none to confirm. */
async function packageKeyForOther(tx: ActorTx, code: string) {
  const receiving = await findReceivingKey(tx, code)
  const stored = (await findSenderKeys(tx, code)).find(({ part }) => part === 'package')
  if (receiving === null || stored === undefined) return null
  return wrapForOther(receiving, 'package', await openOwnKey(tx, 'package', stored))
}

function refusalOf(answer: MoveAnswer): Refused | null {
  switch (answer) {
    case 'ok':
      return null
    case 'not_found':
    case 'forbidden':
      return refuse(answer)
    case 'needs':
      return refuse('invalid', 'needs', { needs: ['referrals.errors.needs'] })
    default:
      return refuse('conflict', answer)
  }
}
