import { IDENTITY_LEVELS, fieldOf, holdsLevel, type FieldKey } from '@/lib/consent/fields'
import type { CategoryKey } from '@/lib/mandate/categories'

import type { MoveKey, OfferedField, ReferralKind, ReferralSide, ReferralState } from './schema'

/** Where each move leads from a state, as app.referral_next has it. An answered question leads back to where it was asked. */
export const NEXT = {
  send: { draft: 'sent' },
  acknowledge: { sent: 'acknowledged' },
  'request-info': { sent: 'info_requested', acknowledged: 'info_requested' },
  'answer-info': { info_requested: 'before' },
  accept: { sent: 'accepted', acknowledged: 'accepted' },
  decline: { sent: 'declined', acknowledged: 'declined' },
  start: { accepted: 'in_service' },
  confirm: { accepted: 'in_service' },
  complete: { accepted: 'completed', in_service: 'completed' },
  decide: { acknowledged: 'completed' },
  withdraw: {
    draft: 'withdrawn',
    sent: 'withdrawn',
    acknowledged: 'withdrawn',
    info_requested: 'withdrawn',
    accepted: 'withdrawn',
    in_service: 'withdrawn',
  },
  expire: { sent: 'expired', acknowledged: 'expired' },
  close: { completed: 'closed' },
} as const satisfies Record<MoveKey, Partial<Record<ReferralState, ReferralState | 'before'>>>

/** Which moves a kind of referral has, as app.referral_moves has it: an authority decides, and no question to it expires; a lead moves once both sides confirmed. */
export const MOVES_OF: Readonly<Record<ReferralKind, readonly MoveKey[]>> = {
  help: [
    'send',
    'acknowledge',
    'request-info',
    'answer-info',
    'accept',
    'decline',
    'start',
    'complete',
    'withdraw',
    'expire',
    'close',
  ],
  identification: ['send', 'acknowledge', 'request-info', 'answer-info', 'decide', 'decline', 'withdraw', 'close'],
  transfer: [
    'send',
    'acknowledge',
    'request-info',
    'answer-info',
    'accept',
    'decline',
    'confirm',
    'complete',
    'withdraw',
    'expire',
    'close',
  ],
}

/** Which side makes a move; what nobody makes, time does. */
export const MOVER: Readonly<Record<MoveKey, Exclude<ReferralSide, 'desk'> | 'time'>> = {
  send: 'sender',
  acknowledge: 'receiver',
  'request-info': 'receiver',
  'answer-info': 'sender',
  accept: 'receiver',
  decline: 'receiver',
  start: 'receiver',
  confirm: 'sender',
  complete: 'receiver',
  decide: 'receiver',
  withdraw: 'sender',
  expire: 'time',
  close: 'sender',
}

/** Where a move leads, or null where it may not be made. */
export function nextState(move: MoveKey, from: ReferralState, before: ReferralState | null): ReferralState | null {
  const to = (NEXT[move] as Partial<Record<ReferralState, ReferralState | 'before'>>)[from]
  return to === 'before' ? before : (to ?? null)
}

/**
 * Where a move leads while a referral that a coordinator rerouted waits for its basis: it is seen, declined, withdrawn, or
 * runs out, and the sender's team shares it. Nobody accepts, or asks about, what nothing was shared of.
 */
export function nextBeforeBasis(move: MoveKey, from: ReferralState): ReferralState | null {
  if (move === 'send') return from === 'sent' || from === 'acknowledged' ? from : null
  return move === 'accept' || move === 'request-info' ? null : nextState(move, from, null)
}

/**
 * Where a move leads once the pause for a question is over and nobody has answered: the clock runs, the answer may still be
 * given, and the receiving side asks nothing more before that.
 */
export function nextUnanswered(move: MoveKey, from: ReferralState): ReferralState | null {
  if (move === 'answer-info') return from === 'sent' || from === 'acknowledged' ? from : null
  return move === 'request-info' ? null : nextState(move, from, null)
}

/** What the other agency sees at once, where the person allows it: enough to say yes or no, and nobody's name. */
const SEEN_AT_ONCE: readonly FieldKey[] = ['profile.birth_band', 'profile.gender', 'profile.languages']

/** What is proposed to go along after acceptance. More is a choice of its own: it must be needed for the help. */
const PROPOSED: readonly FieldKey[] = [
  ...SEEN_AT_ONCE,
  'profile.dependants',
  'profile.disability',
  'contact.name',
  'contact.channels',
  'contact.rules',
  'identity.names',
  'identity.birth_date',
]

/** Whether a field is seen before acceptance, or after it only. */
export function partOf(field: string): 'preview' | 'package' {
  return field.startsWith('need.') || SEEN_AT_ONCE.some((key) => key === field) ? 'preview' : 'package'
}

type FieldBasis = Pick<OfferedField, 'allowed' | 'basis' | 'reason'> & {
  readonly code: string | null
  readonly until: Date | null
}

/** A field as a team is shown it before it goes: whether something lets it go, until when, and whether it is wanted. */
export function offeredField(
  field: FieldKey,
  basis: FieldBasis | undefined,
  { wanted, value = null }: { readonly wanted: boolean; readonly value: unknown },
): OfferedField {
  return {
    field,
    part: partOf(field),
    allowed: basis?.allowed ?? false,
    wanted,
    basis: basis?.basis ?? null,
    basisCode: basis?.code ?? null,
    until: basis?.until?.toISOString() ?? null,
    reason: basis?.reason ?? null,
    value,
  }
}

/** The fields that a referral for these categories proposes, or takes along by an explicit choice. */
export function wantedFields(
  categories: readonly CategoryKey[],
  chosen: readonly FieldKey[] | undefined,
): readonly FieldKey[] {
  const fitting = (chosen ?? PROPOSED).filter((key) => {
    const category = fieldOf(key)?.category ?? null
    return category === null || categories.includes(category)
  })
  const all = new Set<FieldKey>([...fitting, ...categories.map((category): FieldKey => `need.${category}`)])
  // How to reach somebody never goes without the rules by which that is safe.
  if (all.has('contact.channels')) all.add('contact.rules')
  return [...all]
}

/** Of the fields that something allows, those that go: no way to reach somebody without its rules. */
export function leavingFields(wanted: readonly FieldKey[], allowed: ReadonlySet<string>): readonly FieldKey[] {
  const covered = wanted.filter((key) => allowed.has(key))
  return allowed.has('contact.rules') ? covered : covered.filter((key) => key !== 'contact.channels')
}

/** Every field that a referral for these categories could take along, in the order of pages. */
export function possibleFields(categories: readonly CategoryKey[], keys: readonly FieldKey[]): readonly FieldKey[] {
  return keys.filter((key) => {
    const field = fieldOf(key)
    return field !== undefined && (field.category === null || categories.includes(field.category))
  })
}

/** Whether a field tells who somebody is. */
export function isIdentifying(field: string): boolean {
  const level = fieldOf(field)?.identity ?? IDENTITY_LEVELS[2]
  return !holdsLevel('none', level)
}
