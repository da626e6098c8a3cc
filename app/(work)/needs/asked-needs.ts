import { listNeedsInput, type ListNeedsInput } from '@/lib/assistance/needs/schema'
import { pick, type SearchParams } from '../services/address'

const NAMES = ['category', 'urgency', 'state', 'cursor'] as const
export type Asked = Partial<Record<(typeof NAMES)[number], string>>

export type AskedNeeds = { readonly asked: Asked; readonly input: ListNeedsInput }

/** In an address: needs in whatever state, where the list would otherwise begin with those that wait for somebody. */
export const ANY = 'any'

/**
 * What an address asks of a list of needs; null when no list has that. `usual` is the state that the list shows while
 * the address names none; an empty one, as the filter sends it, means any.
 */
export function askedNeeds(params: SearchParams, usual?: 'living'): AskedNeeds | null {
  const given = pick(params, NAMES)
  const asked = usual === undefined ? given : { ...given, state: given.state ?? (params['state'] === '' ? ANY : usual) }
  const { state, ...rest } = asked
  const input = listNeedsInput.safeParse(state === undefined || state === ANY ? rest : asked)
  return input.success ? { asked, input: input.data } : null
}
