import { z } from 'zod'

/**
 * The kinds of notice, as in the table notice_kind, which has the last word. A part that tells members something adds
 * its kinds here, in its migration, and in both languages' notifications.json.
 */
export const NOTICE_KINDS = [
  'task.assigned',
  'case.joined',
  'emergency-access.opened',
  'emergency-access.review-due',
  'emergency-access.review-missing',
  'sharing-exception.made',
  'consent.withdrawn',
  'consent.ended',
  'team.assigned',
  'hand-over.waiting',
  'cover.set',
  'cover.ended',
  'absence.set',
  'absence.stand-in',
  'absence.ended',
  'account.roles-changed',
  'agreement.proposed',
  'agreement.in-force',
  'agreement.declined',
  'agreement.left',
  'agreement.ending',
  'agreement.expired',
  'referral.received',
  'referral.acknowledged',
  'referral.question',
  'referral.answered',
  'referral.accepted',
  'referral.declined',
  'referral.started',
  'referral.to-confirm',
  'referral.confirmed',
  'case.lead-returned',
  'referral.completed',
  'referral.decided',
  'referral.closed',
  'referral.withdrawn',
  'referral.expired',
  'referral.due',
  'referral.overdue',
  'referral.pause-ended',
  'referral.reminded',
  'referral.asked',
  'referral.escalated',
  'referral.rerouted',
  'referral.shared',
  'finding.received',
  'finding.answered',
  'finding.accepted',
  'finding.reopened',
  'finding.action-done',
  'finding.due',
  'finding.overdue',
  'own-file.opened',
  'own-file.basis-ended',
  'own-file.ended',
  'own-file.restricted',
  'complaint.filed',
  'seal.broken',
  'access-review.due',
  'access-review.late',
  'role-review.due',
  'role-review.late',
  'role-review.not-agreed',
  'account.new-network',
  'account.factor-added',
  'account.factor-removed',
  'account.factors-reset',
  'account.factor-reset-asked',
  'account.recovery-code-used',
  'account.password-changed',
] as const

export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** The name of a kind in messages and forms, where dots lead down a tree. */
export function nameOfKind<K extends string>(kind: K): KindName<K> {
  return kind.replace('.', '_').replaceAll('-', '_') as KindName<K>
}

type KindName<K extends string> = K extends `${infer A}.${infer B}`
  ? `${KindName<A>}_${KindName<B>}`
  : K extends `${infer A}-${infer B}`
    ? `${KindName<A>}_${KindName<B>}`
    : K

/** What a member may want of a kind: in the application alone, or by mail as well, then or in working hours. */
export const NOTICE_WAYS = ['app', 'working_hours', 'at_once'] as const
export type NoticeWay = (typeof NOTICE_WAYS)[number]

export const listInboxInput = z.object({ cursor: z.string().max(400).optional() })
export type ListInboxInput = z.infer<typeof listInboxInput>

export const noticeInput = z.strictObject({ notice: z.uuid() })
export type NoticeInput = z.infer<typeof noticeInput>

/** All that were there when the page was made, and none that came since. */
export const readAllInput = z.strictObject({ until: z.iso.datetime().refine((given) => given >= '1900') })
export type ReadAllInput = z.infer<typeof readAllInput>

const way = z.enum(NOTICE_WAYS, { error: 'errors.field.choose' })

/** A way for each kind, by its name. */
export const preferencesInput = z.partialRecord(z.enum(NOTICE_KINDS.map((kind) => nameOfKind(kind))), way)
export type PreferencesInput = z.infer<typeof preferencesInput>

/** One notice as its member sees it. */
export type NoticeView = {
  readonly id: string
  readonly kind: NoticeKind
  readonly subject: string | null
  /** The page of what it is about. */
  readonly href: string | null
  readonly urgent: boolean
  readonly at: string
  readonly isRead: boolean
}

export type InboxView = {
  readonly items: readonly NoticeView[]
  readonly unread: number
  readonly earlierCursor: string | null
  readonly nextCursor: string | null
}

export type PreferenceView = {
  readonly kind: NoticeKind
  readonly way: NoticeWay
  /** Its mail can't be turned off. */
  readonly isRequired: boolean
}
