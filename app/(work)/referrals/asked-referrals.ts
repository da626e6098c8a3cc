import { z } from 'zod'
import { BOXES, REFERRAL_STATES, type ListReferralsInput, type ReferralState } from '@/lib/referrals/schema'

/** The lists of referrals, named after what is to be done about what stands in them. */
export const VIEWS = ['answer', 'helping', 'sent', 'ended'] as const
export type View = (typeof VIEWS)[number] | 'desk'

const ENDED: readonly ReferralState[] = ['closed', 'declined', 'withdrawn', 'expired']
const STATES: Readonly<Record<View, readonly ReferralState[]>> = {
  answer: ['sent', 'acknowledged'],
  helping: ['info_requested', 'accepted', 'in_service', 'completed'],
  sent: ['draft', 'sent', 'acknowledged', 'info_requested', 'accepted', 'in_service', 'completed'],
  ended: ENDED,
  desk: REFERRAL_STATES.filter((state) => state !== 'draft' && !ENDED.includes(state)),
}

const query = z.object({
  view: z.enum([...VIEWS, 'desk']).optional(),
  side: z.enum(BOXES).optional(),
  cursor: z.string().max(500).optional(),
})

/** What an address asks of the list; null when it is none of ours. */
export function askedReferrals(
  given: unknown,
  isDesk: boolean,
): { readonly view: View; readonly input: ListReferralsInput } | null {
  const parsed = query.safeParse(given)
  if (!parsed.success) return null
  const view = isDesk ? 'desk' : (parsed.data.view ?? 'answer')
  if (view === 'desk' && !isDesk) return null
  const { side, cursor } = parsed.data
  const box = view === 'desk' ? 'desk' : view === 'sent' ? 'out' : view === 'ended' && side === 'out' ? 'out' : 'in'
  return { view, input: { box, states: [...STATES[view]], limit: 50, ...(cursor === undefined ? {} : { cursor }) } }
}
