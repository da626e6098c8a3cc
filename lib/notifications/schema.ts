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
  'team.assigned',
  'hand-over.waiting',
  'cover.set',
  'cover.ended',
  'absence.set',
  'absence.stand-in',
  'absence.ended',
  'account.roles-changed',
  'seal.broken',
  'account.new-network',
  'account.factor-added',
  'account.factor-removed',
  'account.factors-reset',
  'account.factor-reset-asked',
  'account.recovery-code-used',
  'account.password-changed',
] as const

export type NoticeKind = (typeof NOTICE_KINDS)[number]
