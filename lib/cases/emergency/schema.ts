import { z } from 'zod'

/** Why somebody opens what they are not on the team of. */
export const EMERGENCY_REASONS = ['danger', 'care', 'person_asks', 'child', 'other'] as const
export type EmergencyReason = (typeof EMERGENCY_REASONS)[number]

/** What a reviewer finds. The verdict and its reason are one choice, so that neither comes without the other. */
export const EMERGENCY_FINDINGS = [
  'justified:fits_reason',
  'justified:team_agrees',
  'not_justified:no_emergency',
  'not_justified:team_reachable',
  'not_justified:looked_too_far',
  'follow_up:talk_with_member',
  'follow_up:ask_team',
] as const
export type EmergencyFinding = (typeof EMERGENCY_FINDINGS)[number]

/** How an access ended: by its member, by time, or because of what happened to the member or the case. */
export const EMERGENCY_ENDS = ['member', 'time', 'member_changed', 'restricted', 'assigned'] as const
export type EmergencyEnd = (typeof EMERGENCY_ENDS)[number]

/** How an access stands to whoever looks at it. */
export type EmergencyStanding = 'own' | 'review' | 'team' | 'oversee'

export const openEmergencyInput = z.strictObject({
  /** The code of a case or a person, exactly. What is no code gets the answer of a code that names nothing. */
  code: z.string().trim().min(1, { error: 'emergency.errors.code' }).max(64, { error: 'emergency.errors.code' }),
  reason: z.enum(EMERGENCY_REASONS, { error: 'emergency.errors.reason' }),
  words: z
    .string()
    .trim()
    .min(10, { error: 'emergency.errors.words' })
    .max(500, { error: 'emergency.errors.words_too_long' }),
  /** Why words that seem to hold identity stay as they are. */
  wordsKept: z.string().trim().max(200).optional(),
})
export type OpenEmergencyInput = z.infer<typeof openEmergencyInput>

const access = z.string().trim().min(1).max(64)

export const emergencyInput = z.strictObject({ access })
export type EmergencyInput = z.infer<typeof emergencyInput>

export const reviewEmergencyInput = z.strictObject({
  access,
  finding: z.enum(EMERGENCY_FINDINGS, { error: 'emergency.errors.finding' }),
})
export type ReviewEmergencyInput = z.infer<typeof reviewEmergencyInput>

/** What became of asking for a case or person: where it is, and until when it is open. `access` is null for whoever needed none. */
export type OpenedEmergency = {
  readonly access: string | null
  readonly address: string
  readonly endsAt: string | null
}

/** An access as those see it who have to do with it: when, why and how much, never what was read. */
export type EmergencyLineView = {
  readonly code: string
  readonly standing: EmergencyStanding
  readonly member: string
  readonly agency: string
  /** The case or person, for those who may know of it. */
  readonly subject: string | null
  readonly reason: EmergencyReason
  readonly openedAt: string
  readonly endsAt: string
  readonly endedAt: string | null
  readonly end: EmergencyEnd | null
  readonly reviewDueAt: string
  /** By which version of the network's calendar that was counted; null where it was before this was noted. */
  readonly calendarVersion: number | null
  readonly late: boolean
  readonly looks: number
  readonly changes: number
  readonly review: { readonly at: string; readonly by: string; readonly finding: EmergencyFinding } | null
}

export type EmergencyView = EmergencyLineView & {
  /** The reason in words, for the team of the case; null for everybody else. */
  readonly words: string | null
  /** What was done, the first first: times and kinds. */
  readonly looksAt: readonly { readonly at: string; readonly type: string }[]
  readonly may: { readonly end: boolean; readonly review: boolean }
}

/** The bar on each page of what is open by an emergency access. */
export type EmergencyBarView = {
  readonly code: string
  readonly reason: EmergencyReason
  readonly endsAt: string
  readonly secondsLeft: number
  readonly reviewers: readonly string[]
}
