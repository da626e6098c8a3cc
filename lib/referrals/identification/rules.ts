import type { NetworkClock } from '@/lib/agencies/network-schema'
import { DISCLOSURE_FIELDS, type FieldKey } from '@/lib/consent/fields'

import { startClock } from '../clock/rules'
import type { ClockMoments } from '../clock/schema'
import type { ReferralLine, ReferralState } from '../schema'
import type { Authority, NotNow } from './schema'

/** Kinds of help say nothing to an authority, and how far another agency's work is neither. */
const NOT_ASKED: readonly FieldKey[] = ['case.stage', 'case.risk', 'case.identification']

/** What is proposed to go along; the rest is a choice of its own. */
const PROPOSED: readonly FieldKey[] = [
  'profile.birth_band',
  'profile.gender',
  'profile.languages',
  'profile.citizenship',
  'contact.name',
  'contact.channels',
  'contact.rules',
  'identity.names',
  'identity.birth_date',
  'case.experience',
]

/** Whether a field names nobody and leads to nobody, as app.is_nameless has it. */
export function isNameless(field: string): boolean {
  return !field.startsWith('identity.') && !field.startsWith('contact.')
}

/** Every field that the authority could be told; on the route without identity those that name nobody. */
export function fieldsForAuthority(anonymous: boolean): readonly FieldKey[] {
  return DISCLOSURE_FIELDS.filter(
    ({ key, category }) => category === null && !NOT_ASKED.includes(key) && (!anonymous || isNameless(key)),
  ).map(({ key }) => key)
}

/** What of the chosen fields, or else of the proposed ones, a question to the authority is made with. */
export function wantedForAuthority(anonymous: boolean, chosen: readonly FieldKey[] | undefined): readonly FieldKey[] {
  const wanted = new Set(chosen ?? PROPOSED)
  // How to reach somebody never goes without the rules by which that is safe.
  if (wanted.has('contact.channels')) wanted.add('contact.rules')
  return fieldsForAuthority(anonymous).filter((field) => wanted.has(field))
}

/** The moments of a question to the authority: in working days, with a limit of its own for a second look. */
export function startIdentificationClock(clock: NetworkClock, isSecond: boolean, at: Date): ClockMoments {
  const { acknowledge, decide, reconsider } = clock.identification
  const limit = { acknowledge, decide: isSecond ? reconsider : decide }
  return startClock({ ...clock, limits: { ...clock.limits, routine: limit } }, 'routine', at)
}

const LIVING: readonly ReferralState[] = ['draft', 'sent', 'acknowledged', 'info_requested']

/** Why the authority can't be asked about a case now, for the first time or again; null when it can. */
export function whyNotAsk(
  authority: Authority | null,
  own: string,
  items: readonly Pick<ReferralLine, 'code' | 'state' | 'decision' | 'reconsiders' | 'reconsideredBy'>[],
  reconsiders: string | null,
): NotNow | null {
  if (authority === null) return 'no_authority'
  if (authority.agency === own) return 'own_authority'
  if (items.some(({ state }) => LIVING.includes(state))) return 'already_asked'
  if (reconsiders === null) return null
  const first = items.find(({ code }) => code === reconsiders)
  if (first === undefined || first.decision === null || first.reconsiders !== null) return 'not_decided'
  return first.reconsideredBy === null ? null : 'already_asked'
}
