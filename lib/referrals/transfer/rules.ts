import { FIELD_KEYS, type FieldKey } from '@/lib/consent/fields'
import type { CategoryKey } from '@/lib/mandate/categories'

import type { ReferralLine, ReferralState } from '../schema'

/** The states in which a transfer still waits for one side or the other. */
const WAITING: readonly ReferralState[] = ['draft', 'sent', 'acknowledged', 'info_requested', 'accepted']

/** The transfer of a case that waits for one side or the other; undefined where none does. */
export function waitingTransfer<L extends Pick<ReferralLine, 'kind' | 'state'>>(items: readonly L[]): L | undefined {
  return items.find(({ kind, state }) => kind === 'transfer' && WAITING.includes(state))
}

/**
 * What goes along with the lead: whoever leads works with all of it, so that everything is proposed that something allows.
 * How to reach somebody never goes without the rules by which that is safe.
 */
export function wantedForLead(chosen: readonly FieldKey[] | undefined): readonly FieldKey[] {
  if (chosen === undefined) return FIELD_KEYS
  const wanted = new Set(chosen)
  if (wanted.has('contact.channels')) wanted.add('contact.rules')
  return FIELD_KEYS.filter((key) => wanted.has(key))
}

/** The categories that these fields hand over: those whose needs are told of. Without one there is nothing to lead. */
export function handedOver(fields: readonly string[]): readonly CategoryKey[] {
  return fields.filter((key) => key.startsWith('need.')).map((key) => key.slice('need.'.length) as CategoryKey)
}

/** Of the fields that go, those of a category only where its needs go as well. */
export function withTheirNeeds(fields: readonly FieldKey[]): readonly FieldKey[] {
  const categories = handedOver(fields)
  return fields.filter(
    (key) => !key.startsWith('service.') || categories.some((category) => key === `service.${category}`),
  )
}
