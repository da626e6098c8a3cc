import { z } from 'zod'

import { CATEGORY_KEYS, type CategoryKey } from '@/lib/mandate/categories'

import type { ClockView } from '../clock/schema'
import type { ListedServiceView } from '@/lib/directory/schema'

import { DESK_WORDS, type DeskActView } from './acts-schema'
import { REFERRAL_URGENCIES, type DeclineReason, type ReferralState, type ReferralUrgency } from '../schema'

/** Where a referral lies that waits: nobody has seen it, somebody has and decides, it needs another agency. */
export const DESK_LANES = ['unseen', 'undecided', 'unplaced'] as const
export type DeskLane = (typeof DESK_LANES)[number]

const orNone = <T extends z.ZodType>(schema: T) => z.preprocess((given) => (given === '' ? undefined : given), schema)

export const deskFilters = z.object({
  category: orNone(z.enum(CATEGORY_KEYS).optional().catch(undefined)),
  urgency: orNone(z.enum(REFERRAL_URGENCIES).optional().catch(undefined)),
  agency: orNone(z.string().trim().max(60).optional().catch(undefined)),
  /** Of the network; what serves every area is for this one too. */
  area: orNone(z.string().trim().max(60).optional().catch(undefined)),
})
export type DeskFilters = z.infer<typeof deskFilters>

export const deskLaneInput = deskFilters.extend({
  lane: z.enum(DESK_LANES),
  cursor: z.string().max(500).optional(),
})
export type DeskLaneInput = z.infer<typeof deskLaneInput>

const referral = z.string().trim().min(1).max(64)
export const deskReferralInput = z.strictObject({ referral })
export type DeskReferralInput = z.infer<typeof deskReferralInput>

export const askInput = z.strictObject({
  referral,
  words: z.enum(DESK_WORDS, { error: 'desk.errors.words' }),
})
export type AskInput = z.infer<typeof askInput>

export const rerouteInput = z.strictObject({
  referral,
  directoryService: z.string({ error: 'desk.errors.service' }).trim().min(1, { error: 'desk.errors.service' }).max(64),
})
export type RerouteInput = z.infer<typeof rerouteInput>

/** A referral that waits, as its coordinator sees it: no person, no case, no word that somebody typed. */
export type DeskCard = {
  readonly code: string
  readonly lane: DeskLane
  readonly state: ReferralState
  readonly urgency: ReferralUrgency
  readonly fromAgencyName: string
  readonly toAgencyName: string
  readonly serviceName: string
  readonly category: CategoryKey
  readonly type: string
  /** Rerouted, and nothing of the person is shared yet: the sender has to act, and nobody can accept. */
  readonly awaitsBasis: boolean
  /** Null where no answer is waited for any more. */
  readonly clock: ClockView | null
  /** Until when a question stops the clock at most; null while none does. */
  readonly pauseEndsAt: string | null
  /** Whether a question is open whose pause is over: the clock runs. */
  readonly unanswered: boolean
  readonly declineReason: DeclineReason | null
  readonly endedAt: string | null
  /** Of a referral that needs another agency: how many others offer this kind of help, and how many have room. */
  readonly fitting: number | null
  readonly withRoom: number | null
  readonly remindedAt: string | null
  readonly escalatedAt: string | null
}

/** What the desk can be narrowed to, by name. */
export type DeskChoices = Readonly<
  Record<'agencies' | 'areas', readonly { readonly key: string; readonly name: string }[]>
>

export type DeskPage = { readonly items: readonly DeskCard[]; readonly nextCursor: string | null }

export type LaneCount = { readonly n: number; readonly late: number }

export type Bottleneck = {
  readonly category: CategoryKey
  readonly type: string
  readonly waiting: number
  readonly late: number
  readonly noRoom: number
  readonly needs: number
  readonly offeredBy: number
}

export type DeskView = {
  readonly lanes: Readonly<Record<DeskLane, DeskPage & LaneCount>>
  readonly bottlenecks: readonly Bottleneck[]
  readonly declines: readonly { readonly reason: DeclineReason; readonly n: number }[]
  /** When this was so. */
  readonly asOf: string
  /** Changes whenever anything that waits does. */
  readonly mark: string
}

/** What one agency referred to another in 90 days, and what became of it. */
export type MatrixCell = {
  readonly from: string
  readonly fromName: string
  readonly to: string
  readonly toName: string
  readonly sent: number
  readonly waiting: number
  readonly late: number
  readonly accepted: number
  readonly declined: number
  readonly expired: number
  /** The middle one of the answers; null before the first. */
  readonly hoursToAnswer: number | null
}

/** A referral that waits, with what was done about it and, where it may go on, who else could take it. */
export type WaitingView = {
  readonly card: DeskCard
  readonly acts: readonly DeskActView[]
  /** The referral that the coordinator's rerouting made of it, or that it came from. */
  readonly from: string | null
  readonly to: string | null
  /** The best first; empty where it may not be rerouted, or where nobody else offers this help. */
  readonly services: readonly ListedServiceView[]
}
